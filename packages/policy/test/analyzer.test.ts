import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { AnalyzerClient } from '@pulumi/pulumi/proto/analyzer_grpc_pb';
import {
  AnalyzeRequest,
  type AnalyzeResponse,
  AnalyzerProviderResource,
  AnalyzerResource,
  AnalyzerResourceOptions,
  AnalyzeStackRequest,
  EnforcementLevel,
} from '@pulumi/pulumi/proto/analyzer_pb';
import { Struct, type JavaScriptValue } from 'google-protobuf/google/protobuf/struct_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';

// Compiled files sit in packages/policy/build/test.
const folder = join(__dirname, '..', '..', '..', '..', 'examples', 'policy');

/** Properties as the engine sends them. */
type Inputs = Record<string, JavaScriptValue>;

describe('the example pack, started as Pulumi starts it', function () {
  this.timeout(60_000);
  let child: ChildProcess;
  let client: AnalyzerClient;

  before(async () => {
    const runner = require.resolve('@pulumi/pulumi/cmd/run-policy-pack');
    child = spawn(process.execPath, [runner, '127.0.0.1:0', folder], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    assert.ok(child.stdout !== null);
    const [port] = (await once(child.stdout, 'data')) as readonly Buffer[];
    assert.ok(port !== undefined);
    client = new AnalyzerClient(
      `127.0.0.1:${port.toString().trim()}`,
      credentials.createInsecure(),
    );
  });

  after(async () => {
    client.close();
    const exit = once(child, 'exit');
    child.kill();
    await exit;
  });

  it('names its policies', async () => {
    const info = await call<{ getName(): string; getPoliciesList(): readonly object[] }>((done) => {
      client.getAnalyzerInfo(new Empty(), done);
    });
    assert.equal(info.getName(), 'uae');
    assert.ok(info.getPoliciesList().length > 20);
  });

  it('stops a plain bucket in another region, and passes it at home', async () => {
    assert.deepEqual(await analyze('aws:s3/bucket:Bucket', {}, { region: 'eu-west-1' }), [
      'MANDATORY flow-stays-in-zone',
      'MANDATORY pdpl-transfer-basis',
    ]);
    assert.deepEqual(await analyze('aws:s3/bucket:Bucket', {}, { region: 'me-central-1' }), []);
  });

  it('advises of what a preview cannot know', async () => {
    const region = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
    assert.deepEqual(await analyze('aws:s3/bucket:Bucket', { region }, {}), [
      'ADVISORY values-are-known',
    ]);
  });

  it('stops a replication to a bucket that nothing locates', async () => {
    const resource = new AnalyzerResource()
      .setType('aws:s3/bucketReplicationConfig:BucketReplicationConfig')
      .setName('it')
      .setUrn('urn:pulumi:dev::bank::it::it')
      .setOptions(new AnalyzerResourceOptions())
      .setProperties(
        Struct.fromJavaScript({ rules: [{ destination: { bucket: 'arn:aws:s3:::elsewhere' } }] }),
      );
    const response = await call<AnalyzeResponse>((done) => {
      client.analyzeStack(requestOf(resource), done);
    });
    assert.deepEqual(summary(response), ['MANDATORY replication-target-is-known']);
  });

  async function analyze(
    type: string,
    props: Inputs,
    provider: Inputs,
  ): Promise<readonly string[]> {
    const request = new AnalyzeRequest()
      .setType(type)
      .setName('it')
      .setUrn(`urn:pulumi:dev::bank::${type}::it`)
      .setOptions(new AnalyzerResourceOptions())
      .setProperties(Struct.fromJavaScript(props))
      .setProvider(
        new AnalyzerProviderResource()
          .setName('default')
          .setType('pulumi:providers:aws')
          .setProperties(Struct.fromJavaScript(provider)),
      );
    return summary(
      await call<AnalyzeResponse>((done) => {
        client.analyze(request, done);
      }),
    );
  }
});

function requestOf(resource: AnalyzerResource): AnalyzeStackRequest {
  return new AnalyzeStackRequest().setResourcesList([resource]);
}

function call<T>(start: (done: (error: Error | null, answer: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, answer) => {
      if (error === null) resolve(answer);
      else reject(error);
    });
  });
}

/** Level and policy of each diagnostic. */
function summary(response: AnalyzeResponse): readonly string[] {
  return response
    .getDiagnosticsList()
    .map(
      (one) =>
        `${one.getEnforcementlevel() === EnforcementLevel.MANDATORY ? 'MANDATORY' : 'ADVISORY'} ${one.getPolicyname()}`,
    );
}
