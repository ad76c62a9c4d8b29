import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { addConstant } from '@manara/runtime/build/test/support/models';
import { formatTable } from '../bench/table';
import { Neighbour, neighbourModel } from '../support/neighbour';
import { type Holdings, holdingsOf, mebibytes } from '../support/process-memory';
import { ServerUnderTest } from '../support/server-under-test';
import { cachedModel, cachingCaller } from './caching-caller';
import { explainedModel, explainingCaller } from './explaining-caller';
import { jobCallers, jobModel } from './job-callers';
import { leavingCallers } from './leaving-callers';
import { slopePerHour } from './slope';

/** Minutes of mixed load; the first quarter warms up. Only where it is asked for. */
const minutes = Number(process.env.MANARA_SOAK_MINUTES ?? 0);

const samples = 60;

/** Short, so that the store holds as much at the end as after the warm-up. */
const resultTtlSeconds = 10;

const served = [neighbourModel, jobModel, cachedModel, explainedModel];

describe('soak', function () {
  this.timeout((minutes + 5) * 60_000);

  it(`holds the same after ${minutes} minutes of requests, jobs, explanations, loads, unloads and callers that leave`, async function () {
    if (minutes === 0) {
      console.log('      skip: MANARA_SOAK_MINUTES is not set');
      this.skip();
    }
    const folder = mkdtempSync(join(tmpdir(), 'manara-soak-'));
    const server = await ServerUnderTest.start({
      models: {
        ...Object.fromEntries(served.map(({ name, file }) => [name, file])),
        passing: addConstant(1),
      },
      config: {
        jobs: { folder, resultTtlSeconds },
        cache: { models: { [cachedModel.name]: { ttlSeconds: 5 } } },
      },
      flags: [
        ...['--model-control-mode', 'explicit'],
        ...served.flatMap(({ name }) => ['--load-model', name]),
      ],
    });
    const neighbours = [1, 2, 3].map(() => new Neighbour(server.httpPort, server.grpcPort));
    for (const neighbour of neighbours) neighbour.start(5);
    const over = new AbortController();
    const others = Promise.all([
      jobCallers(server, over.signal),
      cachingCaller(server, over.signal),
      explainingCaller(server, over.signal),
      loadAndUnload(server, over.signal),
      leavingCallers(server, over.signal),
    ]);
    const found: (Holdings & { readonly hours: number })[] = [];
    const begun = performance.now();
    for (let i = 0; i < samples; i++) {
      // Whoever finds a wrong answer ends it.
      await Promise.race([setTimeout((minutes * 60_000) / samples), others]);
      found.push({ ...holdingsOf(server.pid), hours: (performance.now() - begun) / 3_600_000 });
    }
    over.abort();
    const [jobs, hits, explanations] = await others;
    for (const neighbour of neighbours) await neighbour.stop();
    const answered = neighbours.reduce((sum, neighbour) => sum + neighbour.answered, 0);
    const warm = found.slice(samples / 4);
    const slope = (of: (holdings: Holdings) => number): number =>
      slopePerHour(warm.map((sample) => [sample.hours, of(sample)]));
    const grown = (of: (holdings: Holdings) => number): number =>
      (slope(of) * (minutes * 0.75)) / 60;
    console.log(
      formatTable(
        ['minutes', 'memory', 'threads', 'handles'],
        found
          .filter((_, i) => i % 6 === 5)
          .map(({ hours, rssBytes, threads, handles }) =>
            [(hours * 60).toFixed(1), mebibytes(rssBytes), threads, handles].map(String),
          ),
      ),
    );
    console.log(
      `      ${answered} answers to the neighbours, ${jobs} jobs, ${hits} answers from the cache, ${explanations} explanations`,
    );
    assert.equal(await server.stop(), 0, server.stderr);
    rmSync(folder, { recursive: true });
    for (const count of [answered, jobs, hits, explanations]) assert.ok(count > 0);
    assert.deepEqual(
      neighbours.flatMap(({ faults }) => faults),
      [],
    );
    const first = warm[0]?.rssBytes ?? 0;
    assert.ok(grown(({ rssBytes }) => rssBytes) < first * 0.1, 'memory grows');
    assert.ok(grown(({ handles }) => handles) < 5, 'handles grow');
    assert.ok(grown(({ threads }) => threads) < 2, 'threads grow');
  });
});

async function loadAndUnload(server: ServerUnderTest, over: AbortSignal): Promise<void> {
  const url = `http://${server.addresses.http}/v2/repository/models/passing`;
  while (!over.aborted) {
    for (const verb of ['load', 'unload']) {
      const { status } = await fetch(`${url}/${verb}`, { method: 'POST' });
      assert.equal(status, 200, verb);
    }
    await setTimeout(200);
  }
}
