import assert from 'node:assert/strict';
import fc from 'fast-check';
import { planScaling, type ScalingDemand, type ScalingPlan } from '../../src';
import { halved, office } from './demands';
import { demands } from './simulation/demands';
import { randomNumbers } from './simulation/random';
import { simulate, type Simulated } from './simulation/simulate';
import { surgingTraffic } from './simulation/traffic';

const seconds = 1800;

function run(
  demand: ScalingDemand,
  seed: number,
  plan: ScalingPlan = planScaling(demand),
): Simulated {
  const rate = surgingTraffic(demand, planScaling(demand), seconds, randomNumbers(seed));
  return simulate(demand, plan, { rate, seconds, seed });
}

describe('planScaling, simulated under Kubernetes’ autoscaler', function () {
  this.timeout(120_000);

  it('keeps the objective for every demand while the traffic does its worst', () => {
    fc.assert(
      fc.property(demands, fc.integer(), (demand, seed) => {
        const { requests, withinObjective, worstFiveMinutes } = run(demand, seed);
        // What few requests show is chance: two standard deviations are let pass.
        const chance = 2 * Math.sqrt((0.99 * 0.01) / requests);
        assert(withinObjective >= 0.99 - chance, `${withinObjective} of ${requests}`);
        assert(worstFiveMinutes >= 0.95, `${worstFiveMinutes} in the worst five minutes`);
      }),
      { numRuns: 80 },
    );
  });

  it('fails with half the plan, most of the time', () => {
    const seeds = Array.from({ length: 10 }, (_, i) => i);
    const failed = seeds.filter((seed) => {
      const plan = halved(planScaling(office));
      return run(office, seed, plan).withinObjective < 0.99;
    });
    assert(failed.length >= 8, `${failed.length} of ${seeds.length}`);
  });

  it('fails where a cold start takes several times what was planned with', () => {
    const seeds = Array.from({ length: 10 }, (_, i) => i);
    const surge = { factor: 4, withinSeconds: 120 };
    const demand = { ...office, traffic: { ...office.traffic, surge } };
    const slower = { ...demand, coldStart: { ...office.coldStart, loadSeconds: 400 } };
    const plan = planScaling(demand);
    const worst = seeds.map((seed) => {
      const rate = surgingTraffic(demand, plan, seconds, randomNumbers(seed));
      return simulate(slower, plan, { rate, seconds, seed }).worstFiveMinutes;
    });
    assert(Math.min(...worst) < 0.97);
  });
});
