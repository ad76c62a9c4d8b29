import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { Neighbour, neighbourModel } from '../support/neighbour';
import type { ServerUnderTest } from '../support/server-under-test';
import { cachedModel, cachingCaller } from './caching-caller';
import { explainedModel, explainingCaller } from './explaining-caller';
import { jobCallers, jobModel } from './job-callers';
import { leavingCallers } from './leaving-callers';

/** Models that stay loaded throughout. */
export const staying = [neighbourModel, jobModel, cachedModel, explainedModel] as const;

/** Model that is loaded and unloaded all the time. */
export const passing = 'passing';

/** How much of everything there was. */
export interface Counts {
  readonly neighbours: number;
  readonly jobs: number;
  readonly cached: number;
  readonly explanations: number;
}

/**
 * Callers of every kind at once, until it is over.
 *
 * @throws AssertionError once one of them got a wrong answer
 */
export async function mixedLoad(server: ServerUnderTest, over: AbortSignal): Promise<Counts> {
  const neighbours = [1, 2, 3].map(() => new Neighbour(server.httpPort, server.grpcPort));
  for (const neighbour of neighbours) neighbour.start(5);
  try {
    const [jobs, cached, explanations] = await Promise.all([
      jobCallers(server, over),
      cachingCaller(server, over),
      explainingCaller(server, over),
      loadAndUnload(server, over),
      leavingCallers(server, over),
    ]);
    const answered = neighbours.reduce((sum, neighbour) => sum + neighbour.answered, 0);
    return { neighbours: answered, jobs, cached, explanations };
  } finally {
    for (const neighbour of neighbours) await neighbour.stop();
    assert.deepEqual(
      neighbours.flatMap(({ faults }) => faults),
      [],
    );
  }
}

async function loadAndUnload(server: ServerUnderTest, over: AbortSignal): Promise<void> {
  const url = `http://${server.addresses.http}/v2/repository/models/${passing}`;
  while (!over.aborted) {
    for (const verb of ['load', 'unload']) {
      const { status } = await fetch(`${url}/${verb}`, { method: 'POST' });
      assert.equal(status, 200, verb);
    }
    await setTimeout(200);
  }
}
