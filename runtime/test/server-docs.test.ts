import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getJson, postJson } from './support/http-client';
import { TestGrpcClient } from './support/grpc-client';
import { startTestServer, type TestServer } from './support/server';

const root = join(__dirname, '..', '..', '..');
const page = readFileSync(join(root, 'docs', 'server.md'), 'utf8');
const [opening = ''] = page.split('\n## ');
const [start = '', curl = '', grpcurl = ''] = [...opening.matchAll(/```sh\n([^]*?)```/g)].map(
  ([, text = '']) => text,
);

/** Of a command of the page. */
function bodyOf(command: string): Readonly<Record<string, unknown>> {
  const [, json = ''] = /-d '([^']*)'/.exec(command) ?? [];
  return JSON.parse(json) as Readonly<Record<string, unknown>>;
}

describe('the first lines of docs/server.md', () => {
  let test: TestServer;
  before(async () => {
    const [, repository = ''] = /^npx manara-server --model-repository (\S+)\n$/.exec(start) ?? [];
    test = await startTestServer(join(root, repository), { workers: 1 });
  });
  after(() => test.server.close());

  it('ask a model that is there, over REST', async () => {
    const paths = [...curl.matchAll(/localhost:8000(\S+)/g)].map(([, path = '']) => path);
    const [metadata = '', infer = ''] = paths;
    assert.equal((await getJson(test.url + metadata)).status, 200);
    const { status, body } = await postJson(test.url + infer, bodyOf(curl));
    assert.equal(status, 200, JSON.stringify(body));
  });

  it('and over gRPC, by the file that they name', async () => {
    const [, folder = '', file = ''] = /-import-path (\S+) -proto (\S+)/.exec(grpcurl) ?? [];
    const proto = readFileSync(join(root, folder, file), 'utf8');
    const [, service = '', method = ''] =
      /localhost:8001 inference\.(\w+)\/(\w+)/.exec(grpcurl) ?? [];
    assert.match(proto, new RegExp(`service ${service}\\b[^]*rpc ${method}\\(`));
    const client = new TestGrpcClient(test.grpc);
    const reply = await client.call(method, bodyOf(grpcurl));
    client.close();
    assert.deepEqual([reply.model_name, reply.model_version], ['fraud', '2']);
  });
});
