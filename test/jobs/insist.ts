import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';

/** Milliseconds that an answer is waited for: a killed server sends none. */
const patience = 5000;

/** What is refused for now: a server that starts does not know its models yet. */
const passing = ['JOB_STORE_FULL', 'MODEL_UNKNOWN'];

/**
 * Sends an order, under one key, until it is accepted.
 *
 * @param refused - told of each refusal.
 * @returns the job's id
 */
export async function insist(
  url: () => string,
  init: RequestInit,
  refused: (code: string | undefined) => void = () => undefined,
): Promise<string> {
  for (;;) {
    try {
      const answer = await fetch(url(), { ...init, signal: AbortSignal.timeout(patience) });
      const said = (await answer.json()) as { readonly id: string; readonly code?: string };
      if (answer.status === 202) return said.id;
      const { code = '' } = said;
      assert.ok(answer.status === 503 || passing.includes(code), `${answer.status} ${code}`);
      refused(code);
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
    }
    await setTimeout(20);
  }
}
