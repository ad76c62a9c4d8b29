import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import type { CacheConfig } from '@manara/contract';
import { CacheKeys } from '../../src/cache/key';
import { MemoryStore } from '../../src/cache/memory-store';
import { CachePolicies } from '../../src/cache/policy';
import { ResponseCache } from '../../src/cache/response-cache';
import type { Run, StepResult } from '../../src/infer';
import { floats, resultOf, runOf, termsOf, versionOf } from '../support/runs';

const version = versionOf('fraud');
const x = floats('x', 1);

/** A cache whose clock is set by hand, before an engine that doubles, and counts its runs. */
class Bench {
  now = 1_000_000;
  hits = 0;
  misses = 0;
  runs = 0;
  readonly cache: ResponseCache;
  engine: (run: Run) => Promise<StepResult> = ({ request }) => {
    const [first] = request.inputs;
    return Promise.resolve(resultOf(...Array.from(first!.data as Float32Array, (v) => v * 2)));
  };

  constructor(config: CacheConfig = { models: { fraud: {} } }, staleMillis = 0) {
    this.cache = new ResponseCache({
      keys: new CacheKeys(Buffer.alloc(32), 'uae'),
      store: new MemoryStore(config.maxBytes ?? 1024 ** 2),
      policies: new CachePolicies(config, () => staleMillis),
      maxEntryBytes: config.maxEntryBytes ?? 1024,
      told: { hit: () => this.hits++, miss: () => this.misses++ },
      now: () => this.now,
    });
  }

  async ask(run: Run): Promise<StepResult> {
    return this.cache.step(run, (passed) => {
      this.runs++;
      return this.engine(passed);
    });
  }
}

describe('ResponseCache', () => {
  it('answers an equal request without a run, and says how old the answer is', async () => {
    const bench = new Bench();
    const first = await bench.ask(runOf(version, x));
    bench.now += 12_345;
    const second = await bench.ask(runOf(version, x));
    assert.deepEqual(second.outputs, [floats('y', 2)]);
    assert.deepEqual([bench.runs, bench.hits, bench.misses], [1, 1, 1]);
    assert.equal(first.headers?.['cache-control'], 'private, max-age=60');
    assert.equal(first.headers.age, undefined);
    assert.deepEqual(second.headers, { ...first.headers, age: '12' });
    assert.deepEqual([first.isRepeated, second.isRepeated], [undefined, true]);
  });

  it('keeps an answer no longer than its time', async () => {
    const bench = new Bench({ models: { fraud: { ttlSeconds: 10 } } });
    await bench.ask(runOf(version, x));
    bench.now += 10_000;
    await bench.ask(runOf(version, x));
    assert.equal(bench.runs, 1);
    bench.now += 1;
    await bench.ask(runOf(version, x));
    assert.equal(bench.runs, 2);
  });

  it('does not stand in the way of a version that is not cached', async () => {
    const bench = new Bench();
    const plain = versionOf('plain', 1, '');
    Object.assign(plain, { digest: undefined });
    const result = await bench.ask(runOf(plain, x));
    await bench.ask(runOf(plain, x));
    assert.equal(result.headers, undefined);
    assert.deepEqual([bench.runs, bench.hits, bench.misses], [2, 0, 0]);
  });

  it('never gives one tenant what another asked for', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (a, b) => {
        const bench = new Bench();
        await bench.ask(runOf(version, x, termsOf(a)));
        await bench.ask(runOf(version, x, termsOf(b)));
        assert.equal(bench.runs, a === b ? 1 : 2);
      }),
    );
  });

  it('does not let tenants share a run under way either', async () => {
    const bench = new Bench();
    await Promise.all(['a', 'b'].map((tenant) => bench.ask(runOf(version, x, termsOf(tenant)))));
    assert.equal(bench.runs, 2);
  });

  it('asks anew where the file of the version is another one', async () => {
    const bench = new Bench();
    await bench.ask(runOf(version, x));
    await bench.ask(runOf(versionOf('fraud', 1, 'e'.repeat(64)), x));
    assert.equal(bench.runs, 2);
  });

  it('honours no-store, no-cache and max-age', async () => {
    const bench = new Bench();
    const ask = (control: string): Promise<StepResult> =>
      bench.ask(runOf(version, x, termsOf('', { 'cache-control': control })));
    const unstored = await ask('no-store');
    assert.equal(unstored.headers?.['cache-control'], 'no-store');
    assert.equal(unstored.headers.etag, undefined);
    await ask('max-age=60');
    assert.equal(bench.runs, 2, 'no-store kept nothing');
    bench.now += 5000;
    await ask('max-age=5');
    assert.equal(bench.runs, 2);
    await ask('max-age=4');
    assert.equal(bench.runs, 3);
    bench.now += 5000;
    await ask('no-cache');
    assert.equal(bench.runs, 4);
    const { headers } = await ask('max-age=1');
    assert.equal(headers?.age, '0', 'no-cache kept what it asked for anew');
    assert.equal(bench.runs, 4);
  });

  it('keeps no answer, and hashes no input, beyond the limit', async () => {
    const bench = new Bench({ maxEntryBytes: 64, models: { fraud: {} } });
    const large = floats('x', ...Array.from({ length: 17 }, Number));
    for (let i = 0; i < 2; i++) await bench.ask(runOf(version, large));
    assert.deepEqual([bench.runs, bench.misses], [2, 0]);
    bench.engine = () => Promise.resolve(resultOf(...Array.from({ length: 17 }, Number)));
    for (let i = 0; i < 2; i++) await bench.ask(runOf(version, x));
    assert.deepEqual([bench.runs, bench.misses], [4, 2]);
  });

  it('forgets what was not asked for longest once its memory is full', async () => {
    const bench = new Bench({ maxBytes: 1536, models: { fraud: {} } });
    for (const value of [1, 2, 3, 1, 4, 1]) await bench.ask(runOf(version, floats('x', value)));
    assert.equal(bench.runs, 4);
    await bench.ask(runOf(version, floats('x', 2)));
    assert.equal(bench.runs, 5);
  });

  it('says public only where the configuration does', async () => {
    const bench = new Bench({ models: { fraud: { visibility: 'public', ttlSeconds: 5 } } });
    const { headers } = await bench.ask(runOf(version, x));
    assert.equal(headers?.['cache-control'], 'public, max-age=5');
  });

  it('gives what is not fresh any more to those that ask for it', async () => {
    const bench = new Bench({ models: { fraud: { ttlSeconds: 1 } } }, 60_000);
    const run = runOf(version, x);
    assert.equal(await bench.cache.stale(run, 60_000), undefined);
    await bench.ask(run);
    bench.now += 30_000;
    assert.deepEqual((await bench.cache.stale(run, 60_000))?.outputs, [floats('y', 2)]);
    assert.equal(await bench.cache.stale(run, 29_999), undefined);
    const noStore = runOf(version, x, termsOf('', { 'cache-control': 'no-store' }));
    assert.equal(await bench.cache.stale(noStore, 60_000), undefined);
  });

  describe('with equal requests under way', () => {
    /** An engine whose runs end when told. */
    function held(bench: Bench) {
      const runs: { run: Run; resolve: (r: StepResult) => void; reject: (e: Error) => void }[] = [];
      bench.engine = (run) =>
        new Promise((resolve, reject) => {
          runs.push({ run, resolve, reject });
        });
      return runs;
    }

    it('runs once, and gives each an answer of its own', async () => {
      const bench = new Bench();
      const runs = held(bench);
      const answers = Array.from({ length: 5 }, () => bench.ask(runOf(version, x)));
      await delay(1);
      assert.equal(runs.length, 1);
      runs[0]!.resolve(resultOf(7));
      const results = await Promise.all(answers);
      assert.deepEqual(
        results.map(({ outputs }) => outputs),
        results.map(() => [floats('y', 7)]),
      );
      assert.equal(new Set(results.map(({ outputs }) => outputs[0]!.data)).size, 5);
      assert.equal(new Set(results.map(({ headers }) => headers?.etag)).size, 1);
      assert.deepEqual([bench.hits, bench.misses], [4, 1]);
    });

    it('goes on for the others where the first to ask has left', async () => {
      const bench = new Bench();
      const runs = held(bench);
      const leaver = new AbortController();
      const first = bench.ask(runOf(version, x, termsOf('', {}, { left: leaver.signal })));
      const second = bench.ask(runOf(version, x));
      await delay(1);
      leaver.abort();
      await assert.rejects(first, { code: 'REQUEST_CANCELED' });
      assert.equal(runs[0]!.run.terms.left.aborted, false);
      runs[0]!.resolve(resultOf(7));
      assert.deepEqual((await second).outputs, [floats('y', 7)]);
      assert.equal(bench.runs, 1);
    });

    it('is given up where all have left, and nobody joins it any more', async () => {
      const bench = new Bench();
      const runs = held(bench);
      const leaver = new AbortController();
      const terms = termsOf('', {}, { left: leaver.signal });
      const left = [1, 2].map(() => bench.ask(runOf(version, x, terms)));
      await delay(1);
      leaver.abort();
      for (const one of left) await assert.rejects(one, { code: 'REQUEST_CANCELED' });
      assert.equal(runs[0]!.run.terms.left.aborted, true);
      const late = bench.ask(runOf(version, x));
      await delay(1);
      assert.equal(runs.length, 2);
      runs[1]!.resolve(resultOf(8));
      assert.deepEqual((await late).outputs, [floats('y', 8)]);
    });

    it('has each of the others run by itself where the first one fails', async () => {
      const bench = new Bench();
      const runs = held(bench);
      const answers = [1, 2, 3].map(() => bench.ask(runOf(version, x)));
      await delay(1);
      runs[0]!.reject(new Error('its own deadline'));
      await assert.rejects(answers[0]!, { message: 'its own deadline' });
      await delay(1);
      assert.equal(runs.length, 3);
      for (const { resolve } of runs.slice(1)) resolve(resultOf(7));
      for (const answer of answers.slice(1)) {
        assert.deepEqual((await answer).outputs, [floats('y', 7)]);
      }
    });

    it('does not keep a request past its own deadline', async () => {
      const bench = new Bench();
      const runs = held(bench);
      const first = bench.ask(runOf(version, x));
      await delay(1);
      const hasty = termsOf('', {}, { deadline: performance.now() + 5 });
      await assert.rejects(bench.ask(runOf(version, x, hasty)), { code: 'DEADLINE_EXCEEDED' });
      runs[0]!.resolve(resultOf(7));
      assert.deepEqual((await first).outputs, [floats('y', 7)]);
    });

    it('holds on to the version until the run has ended', async () => {
      const bench = new Bench();
      const runs = held(bench);
      const own = versionOf('fraud');
      const leaver = new AbortController();
      const left = bench.ask(runOf(own, x, termsOf('', {}, { left: leaver.signal })));
      await delay(1);
      leaver.abort();
      await assert.rejects(left, { code: 'REQUEST_CANCELED' });
      let isUnused = false;
      const unused = own.unused().then(() => (isUnused = true));
      await delay(1);
      assert.equal(isUnused, false);
      runs[0]!.resolve(resultOf(7));
      await unused;
    });
  });
});
