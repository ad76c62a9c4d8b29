import assert from 'node:assert/strict';
import { waitOf99 } from '../src';

describe('waitOf99', () => {
  for (const workers of [1, 2, 4, 8]) {
    for (const use of [0.2, 0.5, 0.7, 0.9]) {
      it(`is that of a simulation, or up to a fifth of the latency more: ${workers} at ${use * 100} %`, () => {
        const simulated = simulate(workers, use);
        const latency = 1 + waitOf99(workers, workers * use);
        // The simulation itself is off by some hundredths, more where the queue is long.
        assert(latency >= simulated * 0.93, `${latency} for ${simulated}`);
        assert(latency <= simulated * 1.2, `${latency} for ${simulated}`);
      });
    }
  }

  it('is enough where less than one service is waited for, too', () => {
    for (const workers of [1, 2, 4, 8]) {
      for (const patience of [0.1, 0.2, 0.5]) {
        let use = 0.01;
        while (waitOf99(workers, workers * (use + 0.005)) <= patience) use += 0.005;
        const simulated = simulate(workers, use);
        assert(simulated <= 1 + patience + 0.02, `${simulated} for 1 + ${patience}`);
      }
    }
  });

  it('is nothing where fewer than one in a hundred wait', () => {
    assert.equal(waitOf99(4, 0.1), 0);
    assert.equal(waitOf99(1, 0.009), 0);
  });

  it('has no end where as much comes as the workers can do', () => {
    assert.equal(waitOf99(2, 2), Infinity);
    assert.equal(waitOf99(2, 3), Infinity);
  });
});

/** Latency of 99% of requests in service times: Poisson arrivals, one queue, equal service times. */
function simulate(workers: number, use: number): number {
  const random = randomNumbers();
  const freeAt = Array<number>(workers).fill(0);
  const latencies = Array.from({ length: 200_000 }, () => 0);
  let now = 0;
  for (let i = 0; i < latencies.length; i++) {
    now -= Math.log(1 - random()) / (workers * use);
    const earliest = Math.min(...freeAt);
    const start = Math.max(now, earliest);
    freeAt[freeAt.indexOf(earliest)] = start + 1;
    latencies[i] = start + 1 - now;
  }
  return latencies.sort((a, b) => a - b)[latencies.length * 0.99] ?? NaN;
}

/** The same numbers in every run: mulberry32. */
function randomNumbers(): () => number {
  let state = 20261122;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
