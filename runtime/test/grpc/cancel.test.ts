import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { TestGrpcClient } from '../support/grpc-client';
import { getJson } from '../support/http-client';
import { slowOnDemand } from '../support/models';
import { startTestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

describe('a gRPC call that is canceled', () => {
  const repository = new TemporaryRepository();
  // About a second: all that is asked and canceled below has to happen within it.
  const size = [1200, 1200];
  const request = {
    model_name: 'slow',
    inputs: [
      { name: 'x', datatype: 'FP32', shape: [1, 1], contents: { fp32_contents: [0.1] } },
      { name: 'shape', datatype: 'INT64', shape: [2], contents: { int64_contents: size } },
    ],
  };
  after(() => {
    repository.remove();
  });

  it('takes what waits along, on calls and on streams, and lets what runs go on', async () => {
    repository.add('slow', 1, slowOnDemand(40));
    const { server, grpc, url, metricsUrl } = await startTestServer(repository.folder, {
      workers: 1,
    });
    const client = new TestGrpcClient(grpc);
    const gauge = async (pattern: RegExp): Promise<number> => {
      const text = await (await fetch(metricsUrl)).text();
      return Number(pattern.exec(text)?.[1] ?? 0);
    };
    const waiting = (): Promise<number> =>
      gauge(/^nv_inference_pending_request_count\{.*\} (\d+)$/m);
    try {
      const running = client.call('ModelInfer', request);
      while ((await waiting()) > 0) await setTimeout(5);
      const cancels = [1, 2, 3].map(() => client.inferUntilCanceled(request));
      cancels.push(client.streamUntilCanceled([request, request]));
      while ((await waiting()) < 5) await setTimeout(5);
      for (const cancel of cancels) cancel();
      while ((await waiting()) > 0) await setTimeout(5);
      assert.equal((await running).model_name, 'slow');
      assert.equal(await gauge(/^nv_inference_request_failure\{.*"CANCELED"\} (\d+)$/m), 5);
      const { body } = await getJson(`${url}/v2/models/slow/stats`);
      const [stats] = body.model_stats as { execution_count: number }[];
      assert.equal(stats?.execution_count, 1);
      assert.equal(await server.drain(), true);
    } finally {
      client.close();
      await server.close();
    }
  });
});
