import assert from 'node:assert/strict';
import { setPriority } from 'node:os';
import { quantile } from '../bench/table';
import { ServerUnderTest } from '../support/server-under-test';
import { closedLoop, type LoadResult, openLoop, type Outcome } from './load';
import { overloadedModel } from './overloaded-model';

/** Seconds of load at five times the capacity. */
const seconds = Number(process.env.MANARA_OVERLOAD_SECONDS ?? 15);

/**
 * The load generator has the same two cores, and whoever else is on the machine: what fails for that
 * reason does not fail three times, and what is wrong with admission does.
 */
const rounds = 3;

const times = 5;

/** What one round found. */
interface Round {
  readonly objectiveMillis: number;
  readonly peak: number;
  readonly goodput: number;
  readonly accepted: readonly number[];
  readonly refused: readonly number[];
  /** By how much the generator itself was late. */
  readonly lateMillis: readonly number[];
}

describe('overload', function () {
  this.timeout((seconds + 60) * rounds * 1000);
  const model = overloadedModel();

  before(favour);

  let retries: readonly Outcome[] = [];

  it(`keeps goodput, objective and quick refusals at ${times} times the capacity`, async () => {
    const faults: string[] = [];
    for (let i = 0; i < rounds; i++) {
      const round = await measure();
      const found = faultsOf(round);
      console.log(describeRound(round));
      if (found.length === 0) return;
      faults.push(...found.map((fault) => `round ${i + 1}: ${fault}`));
    }
    assert.fail(faults.join('\n'));
  });

  it('says when to come again in every refusal', () => {
    assert.ok(retries.length > 0, 'nothing was refused');
    for (const { status, retryAfter = NaN } of retries) {
      assert.equal(status, 503);
      assert.ok(retryAfter >= 1 && retryAfter <= 5, `Retry-After: ${retryAfter}`);
    }
  });

  async function measure(): Promise<Round> {
    const objectiveMillis = await objective();
    const server = await ServerUnderTest.start({
      models: { [model.name]: model.file },
      config: { objectiveMillis },
    });
    try {
      const { httpPort } = server;
      const request = model.request(httpPort);
      let peak = 0;
      for (const concurrency of [4, 8, 16]) {
        const load = await closedLoop(httpPort, request, { concurrency, seconds: 3 });
        peak = Math.max(peak, goodput(load, objectiveMillis));
      }
      const perSecond = peak * times;
      const load = await openLoop(httpPort, request, { perSecond, seconds });
      assert.ok(server.isAlive, server.ended);
      const [accepted, refused] = [200, 503].map((status) =>
        load.outcomes.filter((outcome) => outcome.status === status),
      ) as [Outcome[], Outcome[]];
      assert.equal(accepted.length + refused.length, load.outcomes.length, 'some other status');
      retries = refused;
      return {
        objectiveMillis,
        peak,
        goodput: goodput(load, objectiveMillis),
        accepted: accepted.map(({ millis }) => millis),
        refused: refused.map(({ millis }) => millis),
        lateMillis: load.lateMillis,
      };
    } finally {
      await server.stop();
    }
  }

  /** Twenty-five times what a request takes by itself: a few full batches. */
  async function objective(): Promise<number> {
    const server = await ServerUnderTest.start({ models: { [model.name]: model.file } });
    try {
      const { httpPort } = server;
      const load = { concurrency: 1, seconds: 2 };
      const { outcomes } = await closedLoop(httpPort, model.request(httpPort), load);
      return Math.ceil(
        25 *
          quantile(
            outcomes.map(({ millis }) => millis),
            0.5,
          ),
      );
    } finally {
      await server.stop();
    }
  }
});

/** Answers a second that came within the objective. */
function goodput({ outcomes, seconds: taken }: LoadResult, objectiveMillis: number): number {
  const good = outcomes.filter(({ status, millis }) => status === 200 && millis <= objectiveMillis);
  return good.length / taken;
}

function faultsOf({ objectiveMillis, peak, goodput: good, accepted, refused }: Round): string[] {
  const faults: string[] = [];
  const check = (what: string, found: number, sign: '>=' | '<=', limit: number): void => {
    if (sign === '>=' ? found >= limit : found <= limit) return;
    faults.push(`${what}: ${found.toFixed(1)}, expected ${sign} ${limit.toFixed(1)}`);
  };
  check('goodput a second', good, '>=', 0.9 * peak);
  check('p99 of what was accepted, ms', quantile(accepted, 0.99), '<=', objectiveMillis);
  check('p99 of refusals, ms', quantile(refused, 0.99), '<=', 0.1 * quantile(accepted, 0.5));
  return faults;
}

function describeRound({
  objectiveMillis,
  peak,
  goodput: good,
  accepted,
  refused,
  lateMillis,
}: Round): string {
  const millis = (values: readonly number[], share: number): string =>
    `${quantile(values, share).toFixed(1)} ms`;
  return [
    `      goodput ${(good / peak).toFixed(2)} of the peak (${good.toFixed(0)} of ${peak.toFixed(0)} a second)`,
    `accepted p50 ${millis(accepted, 0.5)}, p99 ${millis(accepted, 0.99)} (objective ${objectiveMillis} ms)`,
    `${refused.length} refused, p50 ${millis(refused, 0.5)}, p99 ${millis(refused, 0.99)}`,
    `the generator itself was late by ${millis(lateMillis, 0.99)} at p99`,
  ].join('; ');
}

/**
 * What else runs on the machine is not to be measured: the server, which is started from here, and its
 * callers go before it.
 */
function favour(): void {
  try {
    setPriority(-15);
  } catch {
    // Not everybody may.
  }
}
