import assert from 'node:assert/strict';
import { TestGrpcClient } from '../support/grpc-client';
import { postBinary, postJson } from '../support/http-client';
import { addConstant, identity } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

/** Value of a metric of a model's version 1; 0 where it has none. */
async function metric({ metricsUrl }: TestServer, name: string, model: string): Promise<number> {
  const text = await (await fetch(metricsUrl)).text();
  const line = `${name}{model="${model}",version="1"} `;
  const found = text.split('\n').find((candidate) => candidate.startsWith(line));
  return Number(found?.slice(line.length) ?? 0);
}

describe('a server that caches', () => {
  const repository = new TemporaryRepository();
  let test: TestServer;
  const input = { name: 'x', datatype: 'FP32', shape: [2] };
  const body = { inputs: [{ ...input, data: [0.1, 7] }] };
  const infer = (model: string): string => `${test.url}/v2/models/${model}/infer`;

  before(async () => {
    repository.add('plus', 1, addConstant(1));
    repository.add('plain', 1, addConstant(1));
    repository.add('triton', 1, identity('FP32', ['n']));
    repository.config('triton', 'response_cache { enable: true }');
    test = await startTestServer(repository.folder, {
      controlMode: 'explicit',
      loadModels: ['*'],
      cache: { models: { plus: { ttlSeconds: 30 } } },
    });
  });

  after(async () => {
    await test.server.close();
    repository.remove();
  });

  it('answers JSON and binary forms of one request out of one run', async () => {
    const first = await postJson(infer('plus'), body);
    assert.equal(first.headers.get('cache-control'), 'private, max-age=30');
    const bytes = Buffer.from(Float32Array.of(0.1, 7).buffer);
    const asBinary = {
      inputs: [{ ...input, parameters: { binary_data_size: 8 } }],
      parameters: { binary_data_output: true },
    };
    const second = await postBinary(infer('plus'), asBinary, [bytes]);
    const expected = Float32Array.of(0.1, 7).map((value) => Math.fround(value + 1));
    assert.deepEqual(new Float32Array(new Uint8Array(second.binary).buffer), expected);
    const third = await postJson(infer('plus'), { id: 'mine', ...body });
    assert.equal(third.body.id, 'mine');
    assert.deepEqual(third.body.outputs, first.body.outputs);
    assert.equal(third.headers.get('age'), '0');
    assert.equal(await metric(test, 'nv_inference_exec_count', 'plus'), 1);
    assert.equal(await metric(test, 'nv_inference_count', 'plus'), 1);
    assert.equal(await metric(test, 'nv_inference_request_success', 'plus'), 3);
    assert.equal(await metric(test, 'nv_cache_num_hits_per_model', 'plus'), 2);
    assert.equal(await metric(test, 'nv_cache_num_misses_per_model', 'plus'), 1);
  });

  it('answers over gRPC out of the same run, with the same tag', async () => {
    const client = new TestGrpcClient(test.grpc);
    const runs = await metric(test, 'nv_inference_exec_count', 'plus');
    const reply = await client.call('ModelInfer', {
      model_name: 'plus',
      inputs: [{ ...input, contents: { fp32_contents: [0.1, 7] } }],
    });
    client.close();
    const [output] = reply.outputs as readonly { contents: { fp32_contents: number[] } }[];
    assert.deepEqual(output?.contents.fp32_contents, [Math.fround(Math.fround(0.1) + 1), 8]);
    assert.equal(await metric(test, 'nv_inference_exec_count', 'plus'), runs);
  });

  it('says 304 to a caller that has the answer, with a tag of its own or among others', async () => {
    const etag = (await postJson(infer('plus'), body)).headers.get('etag') ?? '';
    for (const tags of [etag, `"other", ${etag}`, etag.replace('W/', '')]) {
      const {
        status,
        headers,
        body: empty,
      } = await postJson(infer('plus'), body, {
        'if-none-match': tags,
      });
      assert.deepEqual([status, empty], [304, {}], tags);
      assert.equal(headers.get('etag'), etag);
      assert.equal(headers.get('cache-control'), 'private, max-age=30');
    }
    for (const tags of ['"other"', '*']) {
      const { status } = await postJson(infer('plus'), body, { 'if-none-match': tags });
      assert.equal(status, 200, tags);
    }
  });

  it('keeps a whole answer under a key, be it 304 to whom it was given first', async () => {
    const { headers, body: whole } = await postJson(infer('plus'), body);
    const etag = headers.get('etag') ?? '';
    const key = { 'idempotency-key': 'c1' };
    for (const replayed of [null, 'true']) {
      const had = await postJson(infer('plus'), body, { ...key, 'if-none-match': etag });
      assert.deepEqual([had.status, had.body], [304, {}]);
      assert.equal(had.headers.get('etag'), etag);
      assert.equal(had.headers.get('content-type'), null);
      assert.equal(had.headers.get('idempotency-replayed'), replayed);
    }
    const retried = await postJson(infer('plus'), body, key);
    assert.deepEqual([retried.status, retried.body], [200, whole]);
    assert.equal(retried.headers.get('idempotency-replayed'), 'true');
  });

  it('gives every caller the whole answer, however large: none takes it from the next', async () => {
    const data = Array.from({ length: 20_000 }, (_, i) => i / 7);
    const large = { inputs: [{ ...input, shape: [20_000], data }] };
    const answers = [await postJson(infer('plus'), large), await postJson(infer('plus'), large)];
    answers.push(
      ...(await Promise.all([postJson(infer('plus'), large), postJson(infer('plus'), large)])),
    );
    const [first] = answers;
    for (const answer of answers) assert.deepEqual(answer.body, first?.body);
    assert.equal((first?.body.outputs as { data: number[] }[])[0]?.data.length, 20_000);
  });

  it('reads response_cache from config.pbtxt', async () => {
    for (const age of [null, '0']) {
      const { headers } = await postJson(infer('triton'), body);
      assert.equal(headers.get('age'), age);
      assert.equal(headers.get('cache-control'), 'private, max-age=60');
    }
  });

  it('says and keeps nothing of a model that is not cached', async () => {
    for (let i = 0; i < 2; i++) {
      const { headers } = await postJson(infer('plain'), body);
      assert.deepEqual([headers.get('etag'), headers.get('cache-control')], [null, null]);
    }
    assert.equal(await metric(test, 'nv_inference_exec_count', 'plain'), 2);
    assert.equal(await metric(test, 'nv_cache_num_misses_per_model', 'plain'), 0);
  });

  it('answers with the new file as soon as it is loaded, and with the old one’s answers never', async () => {
    const before = await postJson(infer('plus'), body);
    repository.add('plus', 1, addConstant(2));
    assert.equal((await postJson(`${test.url}/v2/repository/models/plus/load`)).status, 200);
    const after = await postJson(infer('plus'), body, {
      'if-none-match': before.headers.get('etag') ?? '',
    });
    assert.equal(after.status, 200);
    const [output] = after.body.outputs as { data: number[] }[];
    assert.deepEqual(output?.data[1], 9);
    assert.equal(after.headers.get('age'), null);
  });
});
