import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseServerConfig } from '@manara/contract';
import { failureOf, TestGrpcClient } from './support/grpc-client';
import { getJson, type JsonAnswer, postJson } from './support/http-client';
import { addConstant, addExternal, divide, least, slow, slowOnDemand } from './support/models';
import { startTestServer, type TestServer } from './support/server';
import { TemporaryRepository } from './support/temporary';

const one = { inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [1] }] };

function answered({ body }: JsonAnswer): number | undefined {
  return (body.outputs as { data: number[] }[] | undefined)?.[0]?.data[0];
}

interface IndexLine {
  readonly name: string;
  readonly version?: string;
  readonly state?: string;
  readonly reason?: string;
}

async function indexOf({ url }: TestServer): Promise<readonly IndexLine[]> {
  const { body } = await postJson(`${url}/v2/repository/index`);
  return body as unknown as IndexLine[];
}

describe('loading and unloading', function () {
  this.timeout(60_000);
  let repository: TemporaryRepository;
  let test: TestServer;

  beforeEach(() => {
    repository = new TemporaryRepository();
  });
  afterEach(async () => {
    await test.server.close();
    repository.remove();
  });

  const explicit = { controlMode: 'explicit' } as const;
  const infer = (version?: number): Promise<JsonAnswer> => {
    const path = version === undefined ? '' : `/versions/${version}`;
    return postJson(`${test.url}/v2/models/m${path}/infer`, one);
  };
  const control = (action: 'load' | 'unload', body?: unknown): Promise<JsonAnswer> =>
    postJson(`${test.url}/v2/repository/models/m/${action}`, body);

  const overRest = async (version?: number): Promise<number | undefined> => {
    const result = await infer(version);
    return answered(result) ?? result.status;
  };
  /** What it answered, or the status of HTTP for the same. */
  const overGrpc = async (
    client: TestGrpcClient,
    version: number | undefined,
  ): Promise<number | undefined> => {
    const contents = { fp32_contents: [1] };
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [1], contents }];
    const request = { model_name: 'm', model_version: String(version ?? ''), inputs };
    try {
      const { outputs } = await client.call('ModelInfer', request);
      const [output] = outputs as { contents: { fp32_contents: number[] } }[];
      return output?.contents.fp32_contents[0];
    } catch (error) {
      return (error as { readonly code?: number }).code === 5 ? 404 : 500;
    }
  };

  it('starts with the models named, and loads others when asked', async () => {
    repository.add('m', 1, addConstant(10));
    repository.add('other', 1, addConstant(20));
    test = await startTestServer(repository.folder, { ...explicit, loadModels: ['other'] });
    assert.equal((await getJson(`${test.url}/v2/health/ready`)).status, 200);
    assert.equal((await infer()).status, 404);
    assert.deepEqual(await indexOf(test), [
      { name: 'other', version: '1', state: 'READY', reason: '' },
      { name: 'm' },
    ]);
    assert.equal((await control('load', { parameters: {} })).status, 200);
    assert.equal(answered(await infer()), 11);
  });

  it('moves to a new version: the old one is gone, the new one answers', async () => {
    repository.add('m', 1, addConstant(10));
    test = await startTestServer(repository.folder, { ...explicit, loadModels: ['*'] });
    repository.add('m', 2, addConstant(20));
    assert.equal(answered(await infer()), 11);
    assert.equal((await control('load')).status, 200);
    assert.equal(answered(await infer()), 21);
    const old = await infer(1);
    assert.deepEqual([old.status, old.body.code], [404, 'VERSION_UNKNOWN']);
    assert.deepEqual(await indexOf(test), [
      { name: 'm', version: '1', state: 'UNAVAILABLE', reason: 'unloaded' },
      { name: 'm', version: '2', state: 'READY', reason: '' },
    ]);
  });

  it('takes a file that was replaced, and leaves alone one that was not', async () => {
    repository.add('m', 1, addConstant(10));
    test = await startTestServer(repository.folder, { ...explicit, loadModels: ['m'] });
    const loads = (): number => test.logs.filter(({ event }) => event === 'version_ready').length;
    await control('load');
    assert.equal(loads(), 1);
    repository.add('m', 1, addConstant(30));
    await control('load');
    assert.equal(loads(), 2);
    assert.equal(answered(await infer()), 31);
  });

  it('keeps the old version serving where the new one fails to load', async () => {
    repository.add('m', 1, addConstant(10));
    test = await startTestServer(repository.folder, { ...explicit, loadModels: ['m'] });
    repository.add('m', 2, 'garbage');
    const refused = await control('load');
    assert.equal(refused.status, 400);
    assert.match(refused.body.error as string, /"m" did not load: version 2: /);
    assert.equal(answered(await infer()), 11);
    assert.equal((await getJson(`${test.url}/v2/health/ready`)).status, 200);
    const [, second] = await indexOf(test);
    assert.equal(second?.state, 'UNAVAILABLE');
    repository.config('m', 'max_batch: 1');
    assert.match(
      (await control('load')).body.error as string,
      /config\.pbtxt line 1: field "max_batch"/,
    );
    assert.equal(answered(await infer()), 11);
  });

  it('unloads: nothing answers any more, and the model can come back', async () => {
    repository.add('m', 1, addConstant(10));
    test = await startTestServer(repository.folder, { ...explicit, loadModels: ['m'] });
    const body = { parameters: { unload_dependents: true } };
    assert.equal((await control('unload', body)).status, 200);
    assert.equal((await infer()).status, 404);
    assert.equal((await getJson(`${test.url}/v2/models/m/ready`)).status, 404);
    assert.equal((await control('load')).status, 200);
    assert.equal(answered(await infer()), 11);
  });

  it('refuses what it cannot load or unload, over REST and gRPC', async () => {
    repository.add('m', 1, addConstant(10));
    test = await startTestServer(repository.folder, explicit);
    const load = `${test.url}/v2/repository/models/none/load`;
    assert.equal((await postJson(load)).status, 404);
    assert.equal((await control('unload')).status, 404);
    const override = await control('load', { parameters: { config: '{}' } });
    assert.equal(override.body.code, 'PARAMETER_UNSUPPORTED');
    assert.match(override.body.error as string, /"config" is not supported/);
    const grpc = new TestGrpcClient(test.grpc);
    const parameters = { 'file:1/model.onnx': { bytes_param: Buffer.from('x') } };
    const error = await failureOf(
      grpc.call('RepositoryModelLoad', { model_name: 'm', parameters }),
    );
    assert.match(error.details, /"file:1\/model\.onnx" is not supported/);
    await grpc.call('RepositoryModelLoad', { model_name: 'm' });
    assert.equal(answered(await infer()), 11);
    await grpc.call('RepositoryModelUnload', { model_name: 'm' });
    assert.equal((await infer()).status, 404);
    grpc.close();
  });

  it('lets requests in hand finish before a version goes', async () => {
    repository.add('m', 1, slow(20));
    test = await startTestServer(repository.folder, { ...explicit, loadModels: ['m'] });
    const input = { name: 'x', datatype: 'FP32', shape: [1, 1], data: [0.1] };
    const url = `${test.url}/v2/models/m/infer`;
    const requests = Array.from({ length: 5 }, () => postJson(url, { inputs: [input] }));
    await setTimeout(50);
    const unloading = control('unload');
    for (const { status } of await Promise.all(requests)) assert.equal(status, 200);
    assert.equal((await unloading).status, 200);
    assert.equal((await postJson(url, { inputs: [input] })).status, 404);
  });

  it('answers 1,000 requests in flight while one version is loaded and another unloaded', async () => {
    repository.add('m', 1, addConstant(10));
    repository.add('m', 2, addConstant(20));
    repository.config('m', 'version_policy { specific { versions: [1, 2] } }');
    repository.add('busy', 1, slowOnDemand(20));
    test = await startTestServer(repository.folder, {
      ...explicit,
      workers: 1,
      loadModels: ['m', 'busy'],
    });
    repository.add('m', 3, addConstant(30));
    repository.config('m', 'version_policy { specific { versions: [2, 3] } }');

    // A run of seconds holds the only worker, so that all the others are in flight at once.
    const busy = postJson(`${test.url}/v2/models/busy/infer`, {
      inputs: [
        { name: 'x', datatype: 'FP32', shape: [1, 1], data: [0.1] },
        { name: 'shape', datatype: 'INT64', shape: [2], data: [1500, 1500] },
      ],
    });
    await setTimeout(100);
    const grpc = new TestGrpcClient(test.grpc);
    let answers = 0;
    const ask = async (i: number): Promise<string> => {
      const version = [1, 2, undefined][i % 3];
      const outcome = i % 5 === 0 ? await overGrpc(grpc, version) : await overRest(version);
      answers += 1;
      return `${version ?? 'default'}: ${outcome}`;
    };
    const asked = Array.from({ length: 1000 }, (_, i) => ask(i));
    await setTimeout(500);
    assert.equal(answers, 0);
    const loading = control('load');
    const outcomes = await Promise.all(asked);
    assert.equal((await loading).status, 200);
    assert.equal((await busy).status, 200);
    grpc.close();

    const allowed = ['1: 11', '1: 404', '2: 21', 'default: 21', 'default: 31'];
    assert.deepEqual(
      outcomes.filter((outcome) => !allowed.includes(outcome)),
      [],
    );
    assert.equal(outcomes.length, 1000);
    assert.equal(outcomes.filter((outcome) => outcome === '2: 21').length, 333);
    assert.deepEqual([await overRest(1), await overRest(2), await overRest()], [404, 21, 31]);
  });

  it('drops no request in flight while versions come and go', async () => {
    repository.add('m', 1, addConstant(10));
    repository.add('m', 2, addConstant(20));
    repository.config('m', 'version_policy { specific { versions: [1, 2] } }');
    test = await startTestServer(repository.folder, { ...explicit, loadModels: ['m'] });
    repository.add('m', 3, addConstant(30));
    repository.config('m', 'version_policy { specific { versions: [2, 3] } }');

    const counts = new Map<string, number>();
    const ask = async (version: number | undefined): Promise<void> => {
      const result = await infer(version);
      const outcome = `${version ?? 'default'}: ${answered(result) ?? result.status}`;
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    };
    let changed = false;
    // Requests arrive at every moment of the change, and some before and after it.
    const callers = Array.from({ length: 30 }, async (_, i) => {
      const version = [1, 2, undefined][i % 3];
      await ask(version);
      while (!changed) await ask(version);
      for (let more = 0; more < 5; more++) await ask(version);
    });
    await setTimeout(200);
    assert.equal((await control('load')).status, 200);
    changed = true;
    await Promise.all(callers);

    // Version 1 answers until it is gone, 2 throughout; the default moves from 2 to 3.
    const outcomes = ['1: 11', '1: 404', '2: 21', 'default: 21', 'default: 31'];
    assert.deepEqual([...counts.keys()].sort(), outcomes);
    // Each of the 10 callers asks at least once before the change, and five times after it.
    for (const before of ['1: 11', 'default: 21']) assert.ok(counts.get(before)! >= 10, before);
    for (const after of ['1: 404', 'default: 31']) assert.ok(counts.get(after)! >= 50, after);
    assert.ok(counts.get('2: 21')! >= 60);
  });

  it('follows the folders in poll mode', async () => {
    repository.add('m', 1, addConstant(10));
    test = await startTestServer(repository.folder, { controlMode: 'poll', pollSeconds: 0.1 });
    repository.add('m', 2, addConstant(20));
    repository.add('bad', 1, 'garbage');
    const until = async (holds: () => Promise<boolean>): Promise<void> => {
      while (!(await holds())) await setTimeout(50);
    };
    await until(async () => answered(await infer()) === 21);
    await until(async () =>
      (await indexOf(test)).some(({ name, reason }) => name === 'bad' && reason !== ''),
    );
    await setTimeout(300);
    const failures = test.logs.filter(({ event }) => event === 'version_failed');
    assert.equal(failures.length, 1, 'the same bad file is tried once');
    assert.equal((await getJson(`${test.url}/v2/health/ready`)).status, 200);
    repository.removeVersion('m', 2);
    await until(async () => answered(await infer()) === 11);
  });

  describe('with the models that the configuration lists', () => {
    const file = addConstant(10);
    const sha256 = createHash('sha256').update(file).digest('hex');
    const served = (digest: string): object => ({
      models: [
        {
          name: 'm',
          defaultVersion: 1,
          versions: [
            { version: 1, uri: 'file:///m/1', sha256: digest },
            { version: 2, uri: 'file:///m/2', sha256 },
          ],
        },
      ],
    });

    it('serves exactly these, whatever the policy, the default version first', async () => {
      for (const version of [1, 2, 3]) repository.add('m', version, file);
      repository.add('other', 1, file);
      test = await startTestServer(repository.folder, served(sha256));
      const { body } = await getJson(`${test.url}/v2/models/m`);
      assert.deepEqual(body.versions, ['1', '2']);
      assert.equal((await infer()).body.model_version, '1');
      assert.equal((await infer(2)).body.model_version, '2');
      assert.equal((await infer(3)).status, 404);
      assert.equal((await getJson(`${test.url}/v2/models/other`)).status, 404);
      assert.equal((await getJson(`${test.url}/v2/health/ready`)).status, 200);
    });

    it('refuses a file of another digest, and says so', async () => {
      for (const version of [1, 2]) repository.add('m', version, file);
      test = await startTestServer(repository.folder, served('0'.repeat(64)));
      assert.equal((await getJson(`${test.url}/v2/health/ready`)).status, 503);
      const [first, second] = await indexOf(test);
      assert.equal(
        first?.reason,
        `the SHA-256 of model.onnx is ${sha256}, the configuration lists ${'0'.repeat(64)}`,
      );
      assert.equal(second?.state, 'READY');
      const refused = await infer();
      assert.deepEqual([refused.status, refused.body.code], [503, 'MODEL_NOT_READY']);
      assert.equal((await infer(2)).status, 200);
    });

    it('holds explain.json to the digest that is listed for it', async () => {
      const explained = (version: number, text: string): object => ({
        version,
        uri: `file:///m/${version}`,
        sha256,
        explanation: { uri: 'file:///e', sha256: createHash('sha256').update(text).digest('hex') },
      });
      for (const version of [1, 2, 3]) repository.add('m', version, file);
      for (const version of [1, 2]) repository.write(`m/${version}/explain.json`, '{}');
      const versions = [explained(1, '{}'), explained(2, 'another'), explained(3, '{}')];
      const models = [{ name: 'm', defaultVersion: 1, versions }];
      test = await startTestServer(repository.folder, parseServerConfig({ models }));
      const [first, second, third] = await indexOf(test);
      assert.equal(first?.state, 'READY');
      assert.match(
        String(second?.reason),
        /^the SHA-256 of explain\.json is [0-9a-f]{64}, the conf/,
      );
      assert.equal(third?.reason, 'explain.json cannot be read: ENOENT');
    });

    it('says which file is missing', async () => {
      repository.add('m', 2, file);
      test = await startTestServer(repository.folder, served(sha256));
      const [first] = await indexOf(test);
      assert.equal(first?.reason, '1/model.onnx cannot be read: ENOENT');
    });
  });

  it('survives a file that aborts native code', async function () {
    // Other processors do not trap on a division.
    if (process.arch !== 'x64') this.skip();
    repository.add('m', 1, addConstant(10));
    repository.add('bad', 1, divide(least));
    test = await startTestServer(repository.folder);
    const [first] = await indexOf(test);
    assert.deepEqual(first, {
      name: 'bad',
      version: '1',
      state: 'UNAVAILABLE',
      reason: 'the file makes the inference engine abort (SIGFPE)',
    });
    assert.equal(answered(await infer()), 11);
    assert.equal((await getJson(`${test.url}/v2/health/live`)).status, 200);
  });

  it('refuses weights in other files', async () => {
    repository.add('m', 1, addExternal('weights.bin'));
    repository.write('m/1/weights.bin', Buffer.from(Float32Array.of(10).buffer));
    test = await startTestServer(repository.folder);
    const [first] = await indexOf(test);
    assert.equal(first?.state, 'UNAVAILABLE');
    assert.match(first.reason!, /^the model keeps weights in other files, .*save it as one file/);
  });

  it('says that the repository is gone, and serves on', async () => {
    repository.add('m', 1, addConstant(10));
    test = await startTestServer(repository.folder, { ...explicit, loadModels: ['m'] });
    repository.remove();
    const { status, body } = await postJson(`${test.url}/v2/repository/index`);
    assert.deepEqual([status, body.code], [503, 'REPOSITORY_UNREADABLE']);
    assert.equal(
      body.error,
      `The model repository "${basename(repository.folder)}" cannot be read: ENOENT`,
    );
    const refused = await control('load');
    assert.deepEqual([refused.status, refused.body.code], [400, 'LOAD_FAILED']);
    assert.equal(answered(await infer()), 11);
  });
});
