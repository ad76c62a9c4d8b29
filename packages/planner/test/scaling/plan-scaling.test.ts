import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PlanError, planScaling, type ScalingDemand } from '../../src';
import { office } from './demands';
import { demands } from './simulation/demands';

function planError(demand: ScalingDemand): PlanError {
  try {
    planScaling(demand);
  } catch (error) {
    if (error instanceof PlanError) return error;
    throw error;
  }
  throw new Error('expected the demand to be refused');
}

describe('planScaling', () => {
  it('plans replicas, target and headroom from objective, traffic, service time and cold start', () => {
    const { why, target, safeRequestsPerSecond, ...plan } = planScaling(office);
    assert.equal(safeRequestsPerSecond.toFixed(2), '16.52');
    // 16.52 ÷ 1.5875 ÷ 1.1; of 20 requests/s that four workers do, 47 %.
    assert.equal(target.requestsPerSecond.toFixed(2), '9.46');
    assert.equal(target.cpuPercent, 47);
    assert.equal(target.busyPercent, 47);
    assert.equal(target.inFlight, 1.968);
    assert.deepEqual(plan, {
      minReplicas: 3,
      quietReplicas: 3,
      // 300 ÷ 14, 70 % of 20
      peakReplicas: 22,
      maxReplicas: 44,
      // 1 + 1.5 × 94 ÷ 240
      growthFactor: 1.5875,
      // From 189 requests/s: 20 replicas, of which they take 14.
      spareReplicas: 6,
      coldStart: office.coldStart,
      reactionSeconds: 94,
      scaleUp: { stabilizationSeconds: 0, periodSeconds: 15, percent: 150, replicas: 4 },
      scaleDown: { stabilizationSeconds: 300, periodSeconds: 60, percent: 50, replicas: 1 },
    });
    assert.deepEqual(why, [
      'A replica answers 16.5 requests/s with a p99 of 800 ms: 4 at a time, 200 ms each, the wait for a turn included.',
      'New replicas answer 94 s after the traffic changed: 45 s until the autoscaler asks for them, 49 s of cold start (8 s for the image, 40 s for the model, 1 s for the first inference); nodes are taken to have room.',
      'Meanwhile the rate may multiply by 1.59: a surge of × 2.5 within 240 s (as given), of which 94 s pass.',
      'At least 3: 3 for an availability of 99.9 %, 2 for a surge from 20 to 31.8 requests/s at the quietest time.',
      'Each is held at 9.46 requests/s (47 % of its CPU request, 1.97 in flight), so that up to 6 spare replicas carry a surge until the others answer.',
      'The peak takes 22; at most 44, twice that, so that a wrong estimate or a lost zone does not meet the ceiling.',
    ]);
  });

  it('assumes a tenth by night and a doubling in five minutes, and says so', () => {
    const { why, growthFactor } = planScaling({
      ...office,
      traffic: { peakRequestsPerSecond: 300 },
    });
    assert.equal(growthFactor, 1 + 94 / 300);
    assert.match(why[2] ?? '', /× 2 within 300 s \(assumed, as no surge is given\)/);
    assert.match(
      why[3] ?? '',
      /from 30 to 39.4 requests\/s at the quietest time, assumed to be a tenth/,
    );
  });

  it('takes no headroom where the least replicas carry the peak', () => {
    const plan = planScaling({
      ...office,
      traffic: { ...office.traffic, peakRequestsPerSecond: 40 },
    });
    assert.deepEqual([plan.minReplicas, plan.peakReplicas, plan.target.cpuPercent], [3, 3, 70]);
    assert.match(plan.why[4] ?? '', /the least replicas carry the peak, so no surge outgrows them/);
  });

  it('keeps a whole surge warm where it comes faster than any replica', () => {
    const surge = { factor: 10, withinSeconds: 10 };
    const plan = planScaling({ ...office, traffic: { ...office.traffic, surge } });
    // 20 × 10 = 200 requests/s at 16.52 each.
    assert.deepEqual([plan.minReplicas, plan.growthFactor, plan.scaleUp.percent], [13, 10, 900]);
  });

  it('needs more the longer a cold start takes, and says what would shorten it', () => {
    const coldStart = { ...office.coldStart, nodeSeconds: 90, imagePullSeconds: 120 };
    const slow = planScaling({ ...office, coldStart });
    assert((slow.target.cpuPercent ?? 0) < 47);
    assert.equal(slow.scaleDown.stabilizationSeconds, 900);
    assert.match(slow.why.join('\n'), /Room kept free on nodes \(SpareCapacity\) takes the 90 s/);
    assert.match(slow.why.join('\n'), /nodes pull it ahead of the pods/);
  });

  it('tells what a schedule saves', () => {
    const traffic = { ...office.traffic, quietRequestsPerSecond: 60, hasBusyHours: true };
    const plan = planScaling({ ...office, traffic });
    assert.deepEqual([plan.minReplicas, plan.quietReplicas], [6, 5]);
    assert.match(plan.why.at(-1) ?? '', /^Outside of busy hours 5 do, where the schedule scales/);
  });

  it('plans without CPU where none limits, by what workers are busy', () => {
    const { cpu, ...replica } = office.replica;
    assert(cpu !== undefined);
    const { target } = planScaling({ ...office, replica });
    assert.equal(target.cpuPercent, undefined);
    assert.equal(target.busyPercent, 47);
  });

  it('refuses an objective that one inference is too slow for, with the nearest', () => {
    const error = planError({ ...office, p99LatencyMillis: 200 });
    assert.equal(
      error.message,
      'a p99 latency of 200 ms cannot be met by any number of replicas: one inference takes 200 ms; the nearest that can is 402 ms',
    );
    assert.deepEqual(error.nearest, { p99LatencyMillis: 402 });
    planScaling({ ...office, ...error.nearest });
  });

  it('never refuses on the ground of an estimate, and says that it is one', () => {
    const replica = { ...office.replica, isEstimated: true };
    const { why } = planScaling({ ...office, p99LatencyMillis: 100, replica });
    assert.match(why[0] ?? '', /estimated from the size of the weights.*measure it/);
  });

  it('refuses traffic that the replicas there may be cannot carry, with the nearest', () => {
    const error = planError({ ...office, mostReplicas: 10 });
    assert.equal(
      error.message,
      'a peak of 300 requests/s takes 22 replicas, and there may be 10; the nearest that they carry is 140 requests/s',
    );
    assert.deepEqual(error.nearest, { peakRequestsPerSecond: 140 });
    const few = planError({ ...office, mostReplicas: 2 });
    assert.deepEqual(few.nearest, { availabilityPercent: 99.89 });
    const plan = planScaling({ ...office, mostReplicas: 30 });
    assert.equal(plan.maxReplicas, 30);
    assert.match(plan.why.at(-1) ?? '', /at most 30, as many as there may be/);
  });
});

describe('planScaling refuses', () => {
  const wrong: readonly (readonly [string, Partial<ScalingDemand>, string])[] = [
    [
      'a latency of 0',
      { p99LatencyMillis: 0 },
      'p99LatencyMillis: expected a number above 0, received 0',
    ],
    [
      'an availability of a share',
      { availabilityPercent: 0.999 },
      'availabilityPercent: expected a percentage from 50 to below 100, received 0.999',
    ],
    [
      'more by night than by day',
      { traffic: { peakRequestsPerSecond: 10, quietRequestsPerSecond: 11 } },
      'traffic.quietRequestsPerSecond: expected a number from 0 to the peak, 10, received 11',
    ],
    [
      'a surge that is none',
      { traffic: { peakRequestsPerSecond: 10, surge: { factor: 1, withinSeconds: 60 } } },
      'traffic.surge.factor: expected a number above 1, received 1',
    ],
    [
      'a cold start below 0',
      { coldStart: { ...office.coldStart, loadSeconds: -1 } },
      'coldStart.loadSeconds: expected seconds of 0 or more, received -1',
    ],
    [
      'half a replica',
      { mostReplicas: 0.5 },
      'mostReplicas: expected a whole number above 0, received 0.5',
    ],
    [
      'no number at all',
      { traffic: { peakRequestsPerSecond: NaN } },
      'traffic.peakRequestsPerSecond: expected a number above 0, received NaN',
    ],
  ];
  for (const [what, part, message] of wrong) {
    it(what, () => {
      assert.throws(() => planScaling({ ...office, ...part }), { name: 'RangeError', message });
    });
  }
});

describe('planScaling, for every demand', () => {
  it('orders its replicas, and each target fits its metric', () => {
    fc.assert(
      fc.property(demands, (demand) => {
        const plan = planScaling(demand);
        assert(plan.quietReplicas <= plan.peakReplicas);
        assert(plan.minReplicas <= plan.peakReplicas && plan.peakReplicas <= plan.maxReplicas);
        assert(plan.minReplicas < plan.maxReplicas);
        const { cpuPercent = 0, inFlight, busyPercent, requestsPerSecond } = plan.target;
        assert(Number.isInteger(cpuPercent) && cpuPercent >= 1 && cpuPercent <= 70);
        assert(inFlight > 0 && busyPercent >= 1);
        assert(requestsPerSecond <= plan.safeRequestsPerSecond);
        assert(plan.scaleDown.stabilizationSeconds <= 3600);
      }),
    );
  });

  it('never takes fewer replicas for more traffic, a steeper surge or a longer cold start', () => {
    fc.assert(
      fc.property(demands, fc.double({ min: 1, max: 5, noNaN: true }), (demand, more) => {
        const { traffic, coldStart } = demand;
        const surge = traffic.surge ?? { factor: 2, withinSeconds: 300 };
        const before = planScaling(demand);
        const harder: readonly ScalingDemand[] = [
          {
            ...demand,
            traffic: { ...traffic, peakRequestsPerSecond: traffic.peakRequestsPerSecond * more },
          },
          { ...demand, traffic: { ...traffic, surge: { ...surge, factor: surge.factor * more } } },
          { ...demand, coldStart: { ...coldStart, loadSeconds: coldStart.loadSeconds * more } },
        ];
        for (const plan of harder.map(planScaling)) {
          assert(plan.minReplicas >= before.minReplicas);
          assert(plan.peakReplicas >= before.peakReplicas);
        }
      }),
    );
  });

  it('accepts the nearest that it names', () => {
    const most = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(
        demands,
        most,
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        (some, mostReplicas, share) => {
          const demand = { ...some, mostReplicas, p99LatencyMillis: some.p99LatencyMillis * share };
          let wanted: ScalingDemand = demand;
          for (let i = 0; i < 4; i++) {
            try {
              planScaling(wanted);
              return;
            } catch (error) {
              if (!(error instanceof PlanError)) throw error;
              const { peakRequestsPerSecond: peak, ...objective } = error.nearest;
              wanted = { ...wanted, ...objective };
              if (peak === undefined) continue;
              const quiet = Math.min(peak, wanted.traffic.quietRequestsPerSecond ?? 0);
              wanted = {
                ...wanted,
                traffic: {
                  ...wanted.traffic,
                  peakRequestsPerSecond: peak,
                  quietRequestsPerSecond: quiet,
                },
              };
            }
          }
          assert.fail('each of latency, availability and peak is refused once at most');
        },
      ),
    );
  });
});
