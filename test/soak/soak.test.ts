import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { addConstant } from '@manara/runtime/build/test/support/models';
import { formatTable } from '../bench/table';
import { type Holdings, holdingsOf, mebibytes } from '../support/process-memory';
import { ServerUnderTest } from '../support/server-under-test';
import { cachedModel } from './caching-caller';
import { type Counts, mixedLoad, passing, staying } from './mixed-load';
import { slopePerHour } from './slope';

/** Minutes of mixed load; the first quarter warms up. Only where it is asked for. */
const minutes = Number(process.env.MANARA_SOAK_MINUTES ?? 0);

const samples = 60;

/** Short, so that the store holds as much at the end as after the warm-up. */
const resultTtlSeconds = 10;

/** Little, so that the cache is full before the warm-up is over. */
const cacheBytes = 256 * 1024;

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
        ...Object.fromEntries(staying.map(({ name, file }) => [name, file])),
        [passing]: addConstant(1),
      },
      config: {
        jobs: { folder, resultTtlSeconds },
        cache: { maxBytes: cacheBytes, models: { [cachedModel.name]: { ttlSeconds: 5 } } },
      },
      flags: [
        ...['--model-control-mode', 'explicit'],
        ...staying.flatMap(({ name }) => ['--load-model', name]),
      ],
    });
    const over = new AbortController();
    const load = mixedLoad(server, over.signal);
    const found: (Holdings & { readonly hours: number })[] = [];
    const begun = performance.now();
    let counts: Counts;
    let code: number | null;
    try {
      for (let i = 0; i < samples; i++) {
        // Whoever gets a wrong answer ends it.
        await Promise.race([setTimeout((minutes * 60_000) / samples), load]);
        found.push({ ...holdingsOf(server.pid), hours: (performance.now() - begun) / 3_600_000 });
      }
      over.abort();
      counts = await load;
    } finally {
      over.abort();
      code = await server.stop();
      rmSync(folder, { recursive: true });
    }
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
      `      answers to neighbours ${counts.neighbours}, jobs ${counts.jobs}, answers from the cache ${counts.cached}, explanations ${counts.explanations}`,
    );
    assert.equal(code, 0, server.stderr);
    for (const count of Object.values(counts)) assert.ok(count > 0);
    const first = warm[0]?.rssBytes ?? 0;
    assert.ok(grown(({ rssBytes }) => rssBytes) < first * 0.1, 'memory grows');
    assert.ok(grown(({ handles }) => handles) < 5, 'handles grow');
    assert.ok(grown(({ threads }) => threads) < 2, 'threads grow');
  });
});
