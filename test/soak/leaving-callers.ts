import { setTimeout } from 'node:timers/promises';
import { TestGrpcClient } from '@manara/runtime/build/test/support/grpc-client';
import { neighbourModel } from '../support/neighbour';
import type { ServerUnderTest } from '../support/server-under-test';

/** Callers of REST and gRPC that leave before they are answered, until it is over. */
export async function leavingCallers(server: ServerUnderTest, over: AbortSignal): Promise<void> {
  const { http, grpc } = server.addresses;
  const url = `http://${http}/v2/models/${neighbourModel.name}/infer`;
  const inputs = [{ name: 'x', datatype: 'FP32', shape: [1], data: [1] }];
  const headers = { 'content-type': 'application/json' };
  while (!over.aborted) {
    const left = new AbortController();
    const asked = fetch(url, {
      method: 'POST',
      headers,
      body: JSON.stringify({ inputs }),
      signal: left.signal,
    }).catch(() => undefined);
    left.abort();
    await asked;
    const client = new TestGrpcClient(grpc);
    const cancel = client.inferUntilCanceled({
      model_name: neighbourModel.name,
      inputs: [{ name: 'x', datatype: 'FP32', shape: [1] }],
      raw_input_contents: [Buffer.alloc(4)],
    });
    cancel();
    client.close();
    await setTimeout(50);
  }
}
