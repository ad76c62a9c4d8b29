import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  ObjectiveError,
  planScaling,
  replicaShape,
  type ScalingPlan,
  type ServingDemand,
  servingFacts,
  type ServingSize,
  sizeServer,
  waitOf99,
} from '../src';

const mebibyte = 1024 * 1024;

/** A small model, three replicas, a hundred requests a second. */
const typical: ServingDemand = {
  modelBytes: [10_000_000],
  p99LatencyMillis: 50,
  availabilityPercent: 99.9,
  peakRequestsPerSecond: 100,
  requestMemoryBytes: mebibyte,
};

describe('sizeServer', () => {
  it('sizes a small model', () => {
    assert.deepEqual(sizeServer(typical), {
      workers: 1,
      intraOpThreads: 1,
      // 100/s at 0.1 + 1.55 + 0.25 ms, at 70 %, over three replicas: 0.0905 cores, and the least is 0.1.
      cpuRequestMillis: 100,
      cpuLimitMillis: 2000,
      // 256 + 48 + 14.3 MiB and two requests, in steps of 64.
      memoryBytes: 384 * mebibyte,
      // 30 + 2, and two loads of 72 ms, four times as slow.
      startupSeconds: 33,
      serviceTimeMillis: 0.1 + 10 * 0.155,
      serviceTimeIsEstimated: true,
      // 1.65 + 0.25 ms each, one after the other, within 50 ms.
      inFlight: 26,
    });
  });

  it('adds replicas only once each has four cores', () => {
    const busy = { ...typical, serviceTimeMillis: 10 };
    const shape = (peakRequestsPerSecond: number) => {
      const [size, plan] = planned({ ...busy, peakRequestsPerSecond });
      return [size.workers, size.cpuRequestMillis, plan.minReplicas, plan.maxReplicas];
    };
    // At 10.25 ms a request and 70 % use: 1.46 cores, 14.6 cores, 146.4 cores.
    assert.deepEqual(shape(100), [1, 500, 3, 6]);
    assert.deepEqual(shape(500), [3, 2450, 3, 6]);
    assert.deepEqual(shape(1000), [4, 4000, 3, 8]);
    // By night a thousand a second, which a surge may make 1,150 before replicas answer.
    assert.deepEqual(shape(10_000), [4, 4000, 4, 74]);
  });

  it('gives one inference more threads where one is too slow for the objective', () => {
    const threads = (p99LatencyMillis: number) =>
      sizeServer({ ...typical, p99LatencyMillis, serviceTimeMillis: 20 }).intraOpThreads;
    // Half of the objective is the inference's; two threads give a speed-up of 1.28.
    assert.equal(threads(40), 1);
    assert.equal(threads(39), 2);
    assert.equal(threads(31), 3);
    assert.equal(threads(10), 7);
    assert.equal(threads(8), 8);
  });

  for (const [availabilityPercent, replicas] of [
    [50, 1],
    [98.99, 1],
    [99, 2],
    [99.89, 2],
    [99.9, 3],
    [99.999, 3],
  ] as const) {
    it(`keeps ${replicas} replicas for an availability of ${availabilityPercent} %`, () => {
      const [, plan] = planned({ ...typical, availabilityPercent });
      assert.equal(plan.minReplicas, replicas);
      assert.equal(plan.maxReplicas, Math.max(replicas + 1, 2 * replicas));
    });
  }

  it('sizes memory for a session in every worker, all versions side by side', () => {
    const demand = { ...typical, modelBytes: [100_000_000, 100_000_000], serviceTimeMillis: 10 };
    const { workers, memoryBytes } = sizeServer({ ...demand, peakRequestsPerSecond: 1000 });
    assert.equal(workers, 4);
    const exact = (256 + 4 * 48 + 5 * 1) * mebibyte + 4 * 200_000_000 * 1.5;
    assert.equal(memoryBytes, Math.ceil(exact / (64 * mebibyte)) * 64 * mebibyte);
  });

  it('adds workers, at the same CPU request, until waiting for one fits the objective', () => {
    const demand = { ...typical, serviceTimeMillis: 10, peakRequestsPerSecond: 1000 };
    const shape = (p99LatencyMillis: number) => {
      const size = sizeServer({ ...demand, p99LatencyMillis });
      return [size.workers, size.cpuRequestMillis, size.cpuLimitMillis];
    };
    // 2.8 of the workers are busy where the autoscaler acts; four of them let 1% wait for 15.7 ms, five for 6.7.
    assert.deepEqual(shape(26), [4, 4000, 5000]);
    assert.deepEqual(shape(25), [5, 4000, 6000]);
    assert.deepEqual(shape(20), [5, 4000, 6000]);
  });

  it('refuses an objective that a measured model cannot meet, naming the nearest', () => {
    assert.throws(
      () => sizeServer({ ...typical, p99LatencyMillis: 5, serviceTimeMillis: 100 }),
      (error) => {
        assert(error instanceof ObjectiveError);
        assert.equal(error.nearestMillis, 40);
        assert.equal(
          error.message,
          'a p99 latency of 5 ms cannot be met: one inference takes 100 ms on one thread; the nearest that can is 40 ms',
        );
        return true;
      },
    );
  });
});

describe('sizeServer refuses', () => {
  const fields = [
    'p99LatencyMillis',
    'peakRequestsPerSecond',
    'requestMemoryBytes',
    'serviceTimeMillis',
  ] as const;
  for (const field of fields) {
    for (const value of [0, -1, NaN, Infinity]) {
      it(`${field} of ${value}`, () => {
        assert.throws(() => sizeServer({ ...typical, [field]: value }), {
          name: 'RangeError',
          message: `${field}: expected a number above 0, received ${value}`,
        });
      });
    }
  }

  for (const value of [0.999, 0, 49.9, 100, -1, 150, NaN]) {
    it(`an availability of ${value} %`, () => {
      assert.throws(() => sizeServer({ ...typical, availabilityPercent: value }), {
        name: 'RangeError',
        message: `availabilityPercent: expected a percentage from 50 to below 100, received ${value}`,
      });
    });
  }

  it('no models, and models of no size', () => {
    assert.throws(() => sizeServer({ ...typical, modelBytes: [] }), {
      message: 'modelBytes: expected at least one version, received 0',
    });
    for (const bytes of [0, -5, NaN, Infinity]) {
      assert.throws(() => sizeServer({ ...typical, modelBytes: [10, bytes] }), {
        name: 'RangeError',
        message: `modelBytes: expected bytes above 0, received ${bytes}`,
      });
    }
  });
});

const modelBytes = fc.array(fc.integer({ min: 1, max: 4_000_000_000 }), {
  minLength: 1,
  maxLength: 5,
});
const rate = fc.double({ min: 0.01, max: 1e6, noNaN: true });
const estimatedDemand: fc.Arbitrary<ServingDemand> = fc.record({
  modelBytes,
  p99LatencyMillis: fc.integer({ min: 1, max: 10_000 }),
  availabilityPercent: fc.double({ min: 50, max: 99.999, noNaN: true }),
  peakRequestsPerSecond: rate,
  requestMemoryBytes: fc.integer({ min: 1024, max: 2 ** 30 }),
});
/** A measured service time that some number of threads makes fit. */
const measuredDemand: fc.Arbitrary<ServingDemand> = fc
  .tuple(estimatedDemand, fc.double({ min: 0.001, max: 1, noNaN: true }))
  .map(([demand, share]) => ({
    ...demand,
    serviceTimeMillis: share * demand.p99LatencyMillis * 2.5,
  }));
const demand = fc.oneof(estimatedDemand, measuredDemand);

describe('sizeServer, for every demand', () => {
  it('never gives less CPU for more traffic, to one replica or to those of the peak', () => {
    fc.assert(
      fc.property(demand, rate, (some, more) => {
        const [less, few] = planned(some);
        const peakRequestsPerSecond = some.peakRequestsPerSecond + more;
        const [size, many] = planned({ ...some, peakRequestsPerSecond });
        assert(size.cpuRequestMillis >= less.cpuRequestMillis);
        const total = size.cpuRequestMillis * many.peakReplicas;
        assert(total >= less.cpuRequestMillis * few.peakReplicas);
      }),
    );
  });

  it('carries the peak at 70 % of its CPU', () => {
    fc.assert(
      fc.property(demand, (some) => {
        const [size, plan] = planned(some);
        const perRequest =
          servingFacts.requestOverheadMillis +
          size.serviceTimeMillis / (size.intraOpThreads === 1 ? 1 : servingFacts.threadEfficiency);
        const neededCores = (some.peakRequestsPerSecond * perRequest) / 1000;
        const offeredCores = (plan.peakReplicas * size.cpuRequestMillis) / 1000;
        assert(offeredCores * 0.7 >= neededCores * (1 - 1e-9));
      }),
    );
  });

  it('never gives less memory for more bytes, at one service time', () => {
    fc.assert(
      fc.property(measuredDemand, modelBytes, (some, more) => {
        const less = sizeServer(some);
        const size = sizeServer({ ...some, modelBytes: [...some.modelBytes, ...more] });
        assert(size.memoryBytes >= less.memoryBytes);
        assert(size.startupSeconds > less.startupSeconds);
      }),
    );
  });

  it('lets every thread run at once: none is throttled, and the request fits the limit', () => {
    fc.assert(
      fc.property(demand, (some) => {
        const size = sizeServer(some);
        const threads = size.workers * size.intraOpThreads;
        assert(size.cpuLimitMillis >= (threads + 1) * 1000);
        assert(size.cpuRequestMillis <= size.cpuLimitMillis);
        // Fewer threads than requested cores could never reach the autoscaler's target.
        assert(threads * 1000 >= size.cpuRequestMillis - 50);
      }),
    );
  });

  it('keeps the objective with the wait for a worker, wherever the service time was measured', () => {
    fc.assert(
      fc.property(measuredDemand, (some) => {
        const size = sizeServer(some);
        const threads = size.intraOpThreads;
        const inference =
          threads === 1
            ? size.serviceTimeMillis
            : size.serviceTimeMillis / (threads * servingFacts.threadEfficiency);
        const patience = some.p99LatencyMillis - inference - servingFacts.requestOverheadMillis;
        // The request is rounded up to 50 thousandths; the load is at most that of the rounded one.
        const load = ((size.cpuRequestMillis - 50) / 1000 / threads) * 0.7;
        assert(patience <= 0 || waitOf99(size.workers, load) * inference <= patience + 1e-9);
      }),
    );
  });

  it('keeps what availability needs, and room to grow', () => {
    fc.assert(
      fc.property(demand, (some) => {
        const [, plan] = planned(some);
        const floor = some.availabilityPercent >= 99.9 ? 3 : some.availabilityPercent >= 99 ? 2 : 1;
        assert(plan.minReplicas >= floor);
        assert(plan.maxReplicas > plan.minReplicas);
      }),
    );
  });

  it('gives whole numbers that Kubernetes and the server accept', () => {
    fc.assert(
      fc.property(demand, (some) => {
        const { serviceTimeMillis, serviceTimeIsEstimated, ...whole } = sizeServer(some);
        for (const [name, value] of Object.entries(whole)) {
          assert(Number.isSafeInteger(value) && value > 0, `${name} ${value}`);
        }
        assert(whole.intraOpThreads <= servingFacts.maxIntraOpThreads);
        assert.equal(serviceTimeIsEstimated, some.serviceTimeMillis === undefined);
        assert(serviceTimeMillis > 0);
      }),
    );
  });

  it('accepts the nearest objective that it names, and not one millisecond less', () => {
    const impossible = fc.record({
      p99LatencyMillis: fc.integer({ min: 1, max: 1000 }),
      factor: fc.double({ min: 2.57, max: 1000, noNaN: true }),
    });
    fc.assert(
      fc.property(impossible, ({ p99LatencyMillis, factor }) => {
        const wanted = {
          ...typical,
          p99LatencyMillis,
          serviceTimeMillis: p99LatencyMillis * factor,
        };
        const nearest = nearestOf(wanted);
        assert(nearest > p99LatencyMillis);
        sizeServer({ ...wanted, p99LatencyMillis: nearest });
        assert.equal(nearestOf({ ...wanted, p99LatencyMillis: nearest - 1 }), nearest);
      }),
    );
  });

  it('never refuses on the ground of an estimate', () => {
    fc.assert(
      fc.property(estimatedDemand, (some) => {
        sizeServer({ ...some, p99LatencyMillis: 0.001 });
      }),
    );
  });
});

/** A size, and the plan of its replicas where they start at once. */
function planned(some: ServingDemand): readonly [ServingSize, ScalingPlan] {
  const { p99LatencyMillis, availabilityPercent, peakRequestsPerSecond } = some;
  const size = sizeServer(some);
  const plan = planScaling({
    p99LatencyMillis,
    availabilityPercent,
    traffic: { peakRequestsPerSecond },
    replica: replicaShape(size),
    coldStart: { nodeSeconds: 0, imagePullSeconds: 0, loadSeconds: 0, firstInferenceSeconds: 0 },
  });
  return [size, plan];
}

function nearestOf(wanted: ServingDemand): number {
  try {
    sizeServer(wanted);
  } catch (error) {
    if (error instanceof ObjectiveError) return error.nearestMillis;
  }
  throw new Error('expected the objective to be refused');
}
