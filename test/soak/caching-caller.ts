import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { path, routes } from '@manara/contract';
import { addConstant } from '@manara/runtime/build/test/support/models';
import type { ServerUnderTest } from '../support/server-under-test';

/** The model whose answers are kept, by this name. */
export const cachedModel = { name: 'cached', file: addConstant(2) } as const;

/** Requests of which each comes again after the others, and answers that never come again. */
const known = 50;

/**
 * Asks for what is in the cache, and as often for what is not, until it is over.
 *
 * @returns how often the cache answered
 */
export async function cachingCaller(server: ServerUnderTest, over: AbortSignal): Promise<number> {
  const url = `http://${server.addresses.http}${path(routes.modelInfer, { model: cachedModel.name })}`;
  const headers = { 'content-type': 'application/json' };
  let hits = 0;
  for (let i = 0; !over.aborted; i++) {
    const value = i % 2 === 0 ? i % known : known + i / 8;
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [1], data: [value] }];
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ inputs }) });
    assert.equal(answer.status, 200);
    const { outputs } = (await answer.json()) as {
      readonly outputs: readonly { readonly data: readonly number[] }[];
    };
    assert.deepEqual(outputs[0]?.data, [Math.fround(value + 2)]);
    if (answer.headers.has('age')) hits++;
    await setTimeout(10);
  }
  return hits;
}
