import assert from 'node:assert/strict';
import { TestGrpcClient } from '../support/grpc-client';
import { postJson } from '../support/http-client';
import { addConstant, identity, slow } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

describe('a server with fallbacks', () => {
  const repository = new TemporaryRepository();
  let test: TestServer;
  const input = { name: 'x', datatype: 'FP32', shape: [1, 1] };

  before(async () => {
    repository.add('slow', 1, slow(60));
    repository.add('quick', 1, identity('FP32', [1, 1]));
    repository.add('vector', 1, addConstant(1));
    test = await startTestServer(repository.folder, {
      controlMode: 'explicit',
      loadModels: ['slow', 'quick'],
      workers: 1,
      fallbacks: {
        slow: { afterMillis: 1, chain: [{ model: 'quick' }] },
        broken: {
          chain: [
            { static: [{ name: 'y', datatype: 'FP32', shape: [1, 1], data: [0] }] },
            { model: 'absent' },
            { model: 'quick' },
          ],
        },
        // What its requests look like, nobody knows.
        misfit: { chain: [{ cachedSeconds: 60 }] },
        other: { elsewhere: true, chain: [{ model: 'quick' }] },
        vector: {
          chain: [{ static: [{ name: 'y', datatype: 'INT64', shape: [1], data: [1] }] }],
        },
      },
    });
  });

  after(async () => {
    await test.server.close();
    repository.remove();
  });

  it('answers in time with the other model, which the answer names', async () => {
    const body = { inputs: [{ ...input, data: [7] }] };
    const {
      status,
      body: reply,
      headers,
    } = await postJson(`${test.url}/v2/models/slow/infer`, body);
    assert.equal(status, 200);
    assert.equal(reply.model_name, 'quick');
    assert.deepEqual((reply.outputs as { data: number[] }[])[0]?.data, [7]);
    assert.equal(headers.get('x-degraded'), 'model quick/1');
    assert.equal(headers.get('cache-control'), 'no-store');
    const text = await (await fetch(test.metricsUrl)).text();
    const counted = 'manara_degraded_answers_total{model="slow",version="1",by="model"} 1';
    assert.ok(text.split('\n').includes(counted));
  });

  it('does so over gRPC', async () => {
    const client = new TestGrpcClient(test.grpc);
    const reply = await client.call('ModelInfer', {
      model_name: 'slow',
      inputs: [{ ...input, contents: { fp32_contents: [7] } }],
    });
    client.close();
    assert.equal(reply.model_name, 'quick');
  });

  it('says what is wrong with a request, whatever stands in for the model', async () => {
    const { body, headers } = await postJson(`${test.url}/v2/models/slow/infer`, { inputs: [] });
    assert.equal(body.code, 'INPUT_MISSING');
    assert.equal(headers.get('x-degraded'), null);
  });

  describe('of a model that is not ready', () => {
    const url = (model: string): string => `${test.url}/v2/models/${model}/infer`;
    const body = { inputs: [{ ...input, data: [7] }] };

    before(async () => {
      // They are known, and do not load.
      for (const model of ['broken', 'misfit']) {
        repository.add(model, 1, 'garbage');
        const { status } = await postJson(`${test.url}/v2/repository/models/${model}/load`);
        assert.equal(status, 400);
      }
    });

    it('answers with the first model of the chain that answers, and counts it', async () => {
      const { status, body: reply, headers } = await postJson(url('broken'), body);
      assert.deepEqual([status, reply.model_name], [200, 'quick']);
      assert.deepEqual((reply.outputs as { data: number[] }[])[0]?.data, [7]);
      assert.equal(headers.get('x-degraded'), 'model quick/1');
      assert.equal(headers.get('cache-control'), 'no-store');
      const text = await (await fetch(test.metricsUrl)).text();
      const counted = 'manara_degraded_answers_total{model="broken",version="",by="model"} 1';
      assert.ok(text.split('\n').includes(counted), text);
    });

    it('does so over gRPC, and for a version that is named', async () => {
      const client = new TestGrpcClient(test.grpc);
      const reply = await client.call('ModelInfer', {
        model_name: 'broken',
        model_version: '1',
        inputs: [{ ...input, contents: { fp32_contents: [7] } }],
      });
      client.close();
      assert.equal(reply.model_name, 'quick');
    });

    it('says that it is not ready, where nothing stands in that takes the request', async () => {
      const bad = await postJson(url('broken'), { inputs: [] });
      assert.deepEqual([bad.status, bad.body.code], [503, 'MODEL_NOT_READY']);
      assert.match(String(bad.body.error), /"broken"/);
      const none = await postJson(url('misfit'), body);
      assert.deepEqual([none.status, none.body.code], [503, 'MODEL_NOT_READY']);
      const unknown = await postJson(url('unknown'), body);
      assert.equal(unknown.status, 404);
    });
  });

  it('answers for a model that other servers have, and says by what', async () => {
    const url = `${test.url}/v2/models/other/infer`;
    const named = await postJson(`${test.url}/v2/models/other/versions/3/infer`, {
      inputs: [{ ...input, data: [7] }],
    });
    for (const { status, body, headers } of [
      await postJson(url, { inputs: [{ ...input, data: [7] }] }),
      named,
    ]) {
      assert.deepEqual([status, body.model_name], [200, 'quick']);
      assert.equal(headers.get('x-degraded'), 'model quick/1');
    }
    const client = new TestGrpcClient(test.grpc);
    const reply = await client.call('ModelInfer', {
      model_name: 'other',
      inputs: [{ ...input, contents: { fp32_contents: [7] } }],
    });
    client.close();
    assert.equal(reply.model_name, 'quick');
    const bad = await postJson(url, { inputs: [] });
    assert.deepEqual([bad.status, bad.body.code], [503, 'MODEL_NOT_READY']);
    const ready = await fetch(`${test.url}/v2/models/other/ready`);
    assert.equal(ready.status, 503);
  });

  it('does not load a version that does not go with what stands in for it', async () => {
    const load = (model: string): ReturnType<typeof postJson> =>
      postJson(`${test.url}/v2/repository/models/${model}/load`);
    repository.add('quick', 1, identity('FP32', [1, 2]));
    const other = await load('quick');
    assert.equal(other.body.code, 'LOAD_FAILED');
    assert.match(
      String(other.body.error),
      /quick version 1 cannot be the fallback of "slow": its input "x" is FP32 \[1,2\], which does not take FP32 \[1,1\]$/,
    );
    const answer = await load('vector');
    assert.match(
      String(answer.body.error),
      /the static answer cannot be the fallback of "vector": its output "y" is INT64 \[1\]; expected FP32 \[-1\]$/,
    );
  });
});
