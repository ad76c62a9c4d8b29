import assert from 'node:assert/strict';
import {
  coalitionCount,
  type CoalitionPlan,
  holds,
  planCoalitions,
  sizeOf,
} from '../../src/explain/coalitions';

function members(plan: CoalitionPlan, coalition: number): string {
  return Array.from({ length: plan.features }, (_, f) => Number(holds(plan, coalition, f))).join(
    '',
  );
}

function all(plan: CoalitionPlan): string[] {
  return Array.from({ length: plan.count }, (_, i) => members(plan, i));
}

describe('planCoalitions', () => {
  it('takes every coalition once where all fit', () => {
    for (const features of [2, 3, 4, 7, 10]) {
      const plan = planCoalitions(features, coalitionCount(features), 1);
      assert.equal(plan.count, coalitionCount(features));
      const found = new Set(all(plan));
      assert.equal(found.size, plan.count);
      assert.deepEqual([...plan.draws], new Array<number>(plan.count).fill(0));
    }
  });

  it('has the complement of each coalition beside it, past 32 features too', () => {
    for (const features of [5, 20, 33, 64, 100]) {
      const plan = planCoalitions(features, 4 * features, 1);
      for (let i = 0; i < plan.count; i += 2) {
        const flipped = members(plan, i).replace(/[01]/g, (bit) => String(1 - Number(bit)));
        assert.equal(members(plan, i + 1), flipped);
        assert.equal(sizeOf(plan, i) + sizeOf(plan, i + 1), features);
        assert.equal(plan.draws[i], plan.draws[i + 1]);
      }
    }
  });

  it('has all single features, and no coalition twice, however few are asked for', () => {
    for (const limit of [24, 40, 300, 2000]) {
      const plan = planCoalitions(12, limit, 5);
      const found = all(plan);
      assert.equal(new Set(found).size, found.length);
      assert.ok(plan.count <= limit && plan.count > 0.9 * limit, `${plan.count} of ${limit}`);
      const single = found.filter((_, i) => sizeOf(plan, i) === 1);
      assert.equal(single.length, 12);
    }
  });

  it('draws sizes by the kernel', () => {
    const features = 40;
    const plan = planCoalitions(features, 20_000, 9);
    const drawn = new Map<number, number>();
    let total = 0;
    for (let i = 0; i < plan.count; i++) {
      const draws = plan.draws[i]!;
      drawn.set(sizeOf(plan, i), (drawn.get(sizeOf(plan, i)) ?? 0) + draws);
      total += draws;
    }
    const sizes = [...drawn].filter(([, draws]) => draws > 0).map(([size]) => size);
    const mass = (size: number): number => 1 / (size * (features - size));
    const whole = sizes.reduce((sum, size) => sum + mass(size), 0);
    for (const size of sizes) {
      const expected = (total * mass(size)) / whole;
      const off = Math.abs(drawn.get(size)! - expected) / Math.sqrt(expected);
      // Draws come in pairs, so that their deviation is that of half as many, doubled.
      assert.ok(off < 4 * Math.SQRT2, `size ${size}: ${drawn.get(size)!} of ${expected}`);
    }
    assert.ok(sizes.length > 30);
  });

  it('is the same for the same seed, and another for another', () => {
    const plan = planCoalitions(20, 500, 3);
    assert.deepEqual(planCoalitions(20, 500, 3), plan);
    assert.notDeepEqual(planCoalitions(20, 500, 4).masks, plan.masks);
  });
});
