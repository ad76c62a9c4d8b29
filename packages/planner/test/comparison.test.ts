import assert from 'node:assert/strict';
import fc from 'fast-check';
import { boundary, comparisonScore, samplesFor } from '../src';

/** As good as known: its own chance adds nothing. */
const known = (share: number) => ({ bad: share * 1e9, all: 1e9 });

describe('comparisonScore', () => {
  const at = boundary({ falseAlarms: 0.01, growth: 1000 });

  for (const allowed of [0.0001, 0.001, 0.01, 0.05, 0.5]) {
    it(`gives no more false alarms than the boundary says, however few requests: ${allowed}`, () => {
      for (const all of [1, 2, 3, 5, 10, 30, 100, 300, 1000, 3000]) {
        const alarms = probability(all, allowed, (bad) => {
          return comparisonScore({ bad, all }, known(0), allowed) > at;
        });
        // The normal tail at the boundary; with ten requests, all bad, it is one in 1,024.
        assert(alarms <= Math.max(tail(at) * 1.5, 0.001), `${all}: ${alarms} over ${tail(at)}`);
      }
    });
  }

  it('gives none more where the present version is an estimate as well', () => {
    for (const share of [0.001, 0.01, 0.1, 0.5]) {
      for (const [all, presentAll] of [
        [300, 300],
        [300, 3000],
        [1000, 1000],
      ] as const) {
        let alarms = 0;
        for (let present = 0; present <= presentAll; present++) {
          const weight = Math.exp(logBinomial(presentAll, present, share));
          if (weight < 1e-9) continue;
          alarms +=
            weight *
            probability(all, share, (bad) => {
              return comparisonScore({ bad, all }, { bad: present, all: presentAll }, 0) > at;
            });
        }
        assert(alarms <= 0.001, `${share}, ${all}, ${presentAll}: ${alarms}`);
      }
    }
  });

  it('grows with what went wrong, and falls as more is allowed or the present version is worse', () => {
    const shares = fc.record({
      all: fc.integer({ min: 1, max: 100_000 }),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
      present: fc.integer({ min: 1, max: 100_000 }),
      presentPart: fc.double({ min: 0, max: 0.99, noNaN: true }),
      allowed: fc.double({ min: 0, max: 0.9, noNaN: true }),
    });
    fc.assert(
      fc.property(shares, ({ all, part, present, presentPart, allowed }) => {
        const bad = Math.floor(part * (all - 1));
        const now = { bad: Math.floor(presentPart * present), all: present };
        const score = comparisonScore({ bad, all }, now, allowed);
        assert(Number.isFinite(score));
        assert(comparisonScore({ bad: bad + 1, all }, now, allowed) > score);
        assert(comparisonScore({ bad, all }, now, allowed + 0.1) <= score);
        const worse = { ...now, bad: Math.min(present, now.bad + 1) };
        assert(comparisonScore({ bad, all }, worse, allowed) <= score);
      }),
    );
  });

  it('is not a number where there is nothing to compare with', () => {
    assert.equal(comparisonScore({ bad: 9, all: 9 }, { bad: 0, all: 0 }, 0.001), NaN);
  });
});

describe('boundary', () => {
  it('is passed by chance as often as it says, looked at a hundred times', () => {
    for (const falseAlarms of [0.01, 0.05]) {
      const seen = simulatedAlarms(boundary({ falseAlarms, growth: 100 }), 100);
      // Looks between which the score may pass and come back are not there: never more, not far fewer.
      assert(seen <= falseAlarms * 1.15, `${seen} for ${falseAlarms}`);
      assert(seen >= falseAlarms * 0.4, `${seen} for ${falseAlarms}`);
    }
  });

  it('is higher for fewer alarms and for more looks', () => {
    const some = boundary({ falseAlarms: 0.01, growth: 100 });
    assert(boundary({ falseAlarms: 0.001, growth: 100 }) > some);
    assert(boundary({ falseAlarms: 0.01, growth: 10_000 }) > some);
  });

  it('refuses what is no share, and what shrinks', () => {
    for (const falseAlarms of [0, 0.5, NaN]) {
      assert.throws(() => boundary({ falseAlarms, growth: 10 }), /falseAlarms: expected/);
    }
    assert.throws(() => boundary({ falseAlarms: 0.01, growth: 0.5 }), /growth: expected/);
  });
});

describe('samplesFor', () => {
  const at = boundary({ falseAlarms: 0.01, growth: 1000 });

  for (const [allowed, detectable] of [
    [0.001, 0.01],
    [0.01, 0.05],
    [0.01, 0.1],
    [0.3, 0.35],
  ] as const) {
    it(`tells ${detectable} from ${allowed} nine times of ten`, () => {
      for (const share of [0.05, 0.5]) {
        const all = samplesFor({ allowed, detectable, boundary: at, share });
        const present = { bad: 0, all: (all * (1 - share)) / share };
        const seen = probability(all, detectable, (bad) => {
          return comparisonScore({ bad, all }, present, allowed) > at;
        });
        // The formula leaves out that requests come in whole numbers, and Anscombe's 3/8.
        assert(seen >= 0.88 && seen <= 0.98, `${share}: ${seen} with ${all}`);
      }
    });
  }

  it('is more for a smaller difference and for a larger share', () => {
    const props = { allowed: 0.001, detectable: 0.01, boundary: at, share: 0.05 };
    assert(samplesFor({ ...props, detectable: 0.005 }) > samplesFor(props));
    assert(samplesFor({ ...props, share: 0.5 }) > samplesFor(props));
  });

  it('refuses what cannot be told apart', () => {
    const props = { allowed: 0.01, detectable: 0.05, boundary: at, share: 0.05 };
    assert.throws(() => samplesFor({ ...props, detectable: 0.01 }), /allowed < detectable/);
    assert.throws(() => samplesFor({ ...props, share: 1 }), /share: expected/);
  });
});

/** Share of looks at `all` requests, each bad by chance, of which `alarm` holds; exact. */
function probability(all: number, share: number, alarm: (bad: number) => boolean): number {
  let sum = 0;
  for (let bad = 0; bad <= all; bad++) {
    const term = logBinomial(all, bad, share);
    if (term > -40 && alarm(bad)) sum += Math.exp(term);
  }
  return sum;
}

const logFactorials = [0];

function logFactorial(n: number): number {
  for (let i = logFactorials.length; i <= n; i++) {
    logFactorials.push((logFactorials[i - 1] ?? 0) + Math.log(i));
  }
  return logFactorials[n] ?? 0;
}

function logBinomial(all: number, bad: number, share: number): number {
  const ways = logFactorial(all) - logFactorial(bad) - logFactorial(all - bad);
  return ways + bad * Math.log(share) + (all - bad) * Math.log1p(-share);
}

/** Upper tail of the standard normal distribution, by Simpson's rule. */
function tail(from: number): number {
  const steps = 2000;
  const width = 10 / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const x = from + i * width;
    const factor = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += factor * Math.exp((-x * x) / 2);
  }
  return (sum * width) / 3 / Math.sqrt(2 * Math.PI);
}

/** Share of random walks whose score passes `at` at one of the looks, as many steps apart. */
function simulatedAlarms(at: number, looks: number): number {
  const random = randomNumbers();
  const walks = 20_000;
  let alarms = 0;
  for (let walk = 0; walk < walks; walk++) {
    let sum = 0;
    for (let look = 1; look <= looks; look++) {
      sum += Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      if (sum / Math.sqrt(look) <= at) continue;
      alarms++;
      break;
    }
  }
  return alarms / walks;
}

/** The same numbers in every run: mulberry32. */
function randomNumbers(): () => number {
  let state = 20261123;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
