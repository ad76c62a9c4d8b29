import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { path, routes } from '@manara/contract';
import { BatchCaller, type Json } from '@manara/runtime/build/test/support/batches';
import { addConstant } from '@manara/runtime/build/test/support/models';
import type { ServerUnderTest } from '../support/server-under-test';

/** The model that jobs ask, by this name. */
export const jobModel = { name: 'later', file: addConstant(0.25) } as const;

/** Milliseconds between jobs, and between batches. */
const pauseMillis = { job: 50, batch: 5000 } as const;

/** Rows of a batch. */
const batchRows = 5000;

const count = 8;

/** Callers who order a job, wait for it and fetch its result, until it is over: inferences and batches. */
export async function jobCallers(server: ServerUnderTest, over: AbortSignal): Promise<number> {
  const caller = new BatchCaller(`http://${server.addresses.http}`);
  const [jobs, batches] = await Promise.all([
    repeat(over, pauseMillis.job, (i) => orderInference(caller, i % 4096)),
    repeat(over, pauseMillis.batch, () => orderBatch(caller)),
  ]);
  return jobs + batches;
}

async function orderInference(caller: BatchCaller, value: number): Promise<void> {
  const data = Array.from({ length: count }, () => value);
  const body = JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [count], data }] });
  const url = caller.url + path(routes.modelInfer, { model: jobModel.name });
  const headers = { 'content-type': 'application/json', prefer: 'respond-async' };
  const answer = await fetch(url, { method: 'POST', headers, body });
  const accepted = { status: answer.status, body: (await answer.json()) as Json };
  const result = await caller.result(await caller.ended(accepted));
  const { outputs } = JSON.parse(result.toString()) as {
    readonly outputs: readonly { readonly data: readonly number[] }[];
  };
  assert.deepEqual(
    outputs[0]?.data,
    Array.from({ length: count }, () => value + 0.25),
  );
}

async function orderBatch(caller: BatchCaller): Promise<void> {
  const rows = (text: (i: number) => string): string =>
    Array.from({ length: batchRows }, (_, i) => text(i)).join('');
  const file = rows((i) => `{"x":${i}}\n`);
  const accepted = await caller.order(`${jobModel.name}/batch`, 'application/x-ndjson', file);
  const result = await caller.result(await caller.ended(accepted));
  assert.equal(
    result.toString(),
    rows((i) => `{"y":${i + 0.25}}\n`),
  );
}

async function repeat(
  over: AbortSignal,
  pause: number,
  act: (i: number) => Promise<void>,
): Promise<number> {
  let i = 0;
  for (; !over.aborted; i++) {
    await act(i);
    await setTimeout(pause, undefined, { signal: over }).catch(() => undefined);
  }
  return i;
}
