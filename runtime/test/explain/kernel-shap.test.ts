import assert from 'node:assert/strict';
import { type Background, CoalitionGame, type Feature } from '../../src/explain/coalition-game';
import { coalitionCount, planCoalitions } from '../../src/explain/coalitions';
import type { Explanation } from '../../src/explain/explanation';
import {
  affordableCoalitions,
  fewestCoalitions,
  kernelShap,
  type ShapleyTask,
} from '../../src/explain/kernel-shap';
import { limits } from '../../src/explain/limits';
import type { ShapleyMath } from '../../src/explain/math';
import { permutationShap } from '../../src/explain/permutation';
import { sampledShapley } from '../../src/explain/sampled-shapley';
import { noise } from '../support/models';
import { curved, FunctionEvaluation, shapleyByOrders } from '../support/shapley';

const math: ShapleyMath = {
  plan: (...task) => Promise.resolve(planCoalitions(...task)),
  solve: (game) => Promise.resolve(sampledShapley(game)),
};

interface Case {
  readonly f: (row: Float64Array) => number;
  readonly x: Float64Array;
  readonly rows: readonly Float64Array[];
  readonly weights: readonly number[];
  readonly features?: readonly Feature[];
  readonly link?: 'identity' | 'logit';
  /** Rows that there is time for, the two that the task needs left out. @default - all */
  readonly most?: number;
}

async function taskOf(given: Case, seed = 1): Promise<ShapleyTask> {
  const { f, x, rows, weights, link = 'identity', most } = given;
  const features = given.features ?? Array.from(x, (_, i) => [i]);
  const background: Background = {
    data: Float64Array.from(rows.flatMap((row) => [...row])),
    weights,
  };
  const evaluation = new FunctionEvaluation(x.length, f, most);
  const game = new CoalitionGame(evaluation, { row: x, features, background, link });
  const { values } = await new CoalitionGame(new FunctionEvaluation(x.length, f), {
    row: x,
    features,
    background,
    link,
  }).values(1, () => false);
  return { game, features: features.length, prediction: game.scaled(f(x)), base: values[0]!, seed };
}

async function explain(given: Case, coalitions: number, seed?: number): Promise<Explanation> {
  return kernelShap(await taskOf(given, seed), coalitions, math);
}

function data(columns: number, rows: number): Pick<Case, 'x' | 'rows' | 'weights'> {
  const all = Float64Array.from(noise(columns * (rows + 1), columns));
  return {
    x: all.slice(0, columns),
    rows: Array.from({ length: rows }, (_, i) => all.slice((i + 1) * columns, (i + 2) * columns)),
    weights: Array.from({ length: rows }, (_, i) => (i + 1) / ((rows * (rows + 1)) / 2)),
  };
}

function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) {
    const off = Math.abs(actual[i]! - expected[i]!);
    assert.ok(off <= tolerance, `element ${i}: ${actual[i]!} is not ${expected[i]!}`);
  }
}

function assertAdds({ attributions, base, prediction }: Explanation): void {
  const sum = attributions.reduce((total, value) => total + value, base);
  assert.ok(Math.abs(sum - prediction) < 1e-9, `${sum} is not ${prediction}`);
}

const linear = (row: Float64Array): number => row.reduce((sum, v, i) => sum + v * (i - 2), 3);

describe('KernelSHAP', () => {
  it('is the coefficient times the distance from the mean on a linear model', async () => {
    const given = { f: linear, ...data(5, 7) };
    const expected = Array.from(given.x, (value, i) => {
      const mean = given.rows.reduce((sum, row, b) => sum + given.weights[b]! * row[i]!, 0);
      return (i - 2) * (value - mean);
    });
    const exact = await explain(given, coalitionCount(5));
    assert.equal(exact.mode, 'exact');
    assertClose(exact.attributions, expected, 1e-12);
    // Every choice of coalitions gives a linear model's values.
    const sampled = await explain({ f: linear, ...data(12, 3) }, 100);
    assert.equal(sampled.mode, 'sampled');
    const wide = data(12, 3);
    const wideExpected = Array.from(wide.x, (value, i) => {
      const mean = wide.rows.reduce((sum, row, b) => sum + wide.weights[b]! * row[i]!, 0);
      return (i - 2) * (value - mean);
    });
    assertClose(sampled.attributions, wideExpected, 1e-9);
    assertClose(sampled.standardErrors!, new Float64Array(12), 1e-9);
  });

  it('is what brute force over all orders gives, where features interact', async () => {
    for (const columns of [2, 3, 4, 6, 7]) {
      const given = { f: curved, ...data(columns, 3) };
      const found = await explain(given, coalitionCount(columns));
      assert.equal(found.mode, 'exact');
      assert.equal(found.standardErrors, undefined);
      const expected = shapleyByOrders(given.x, given.rows, given.weights, curved);
      assertClose(found.attributions, expected, 1e-12);
      assertAdds(found);
    }
  });

  it('fits the same values when all coalitions go through the least squares', async () => {
    const given = { f: curved, ...data(6, 3) };
    const task = await taskOf(given);
    const plan = planCoalitions(6, coalitionCount(6), 1);
    const { values, known } = await task.game.values(
      plan.count,
      (c, player) => ((plan.masks[c]! >>> player) & 1) === 1,
    );
    const fitted = sampledShapley({
      plan,
      known,
      values: values.map((value) => value - task.base),
      total: task.prediction - task.base,
    })!;
    const expected = shapleyByOrders(given.x, given.rows, given.weights, curved);
    assertClose(fitted.shapley, expected, 1e-12);
    assert.equal(fitted.standardErrors, undefined);
  });

  it('explains groups as one feature, and leaves out what does not differ', async () => {
    const given = { f: curved, ...data(6, 3) };
    const rows = given.rows.map((row) => row.with(5, given.x[5]!));
    const features = [[0, 1], [2], [3, 4], [5]];
    const found = await explain({ ...given, rows, features }, coalitionCount(3));
    assert.equal(found.mode, 'exact');
    assert.equal(found.attributions.length, 4);
    assert.equal(found.attributions[3], 0);
    // A game of three players, each of which stands for its group.
    const value = (members: ReadonlySet<number>): number =>
      rows.reduce((sum, row, b) => {
        const mixed = row.map((own, i) => {
          const group = features.findIndex((elements) => elements.includes(i));
          return members.has(group) ? given.x[i]! : own;
        });
        return sum + given.weights[b]! * curved(mixed);
      }, 0);
    const of = (...members: number[]): number => value(new Set(members));
    const first =
      (2 * (of(0) - of()) +
        (of(0, 1) - of(1)) +
        (of(0, 2) - of(2)) +
        2 * (of(0, 1, 2) - of(1, 2))) /
      6;
    assertClose([found.attributions[0]!], [first], 1e-12);
    assertAdds(found);
  });

  it('shares out log-odds where the link says so, of the mean over the background', async () => {
    const f = (row: Float64Array): number => 1 / (1 + Math.exp(-linear(row)));
    const given = { f, ...data(4, 1), link: 'logit' as const };
    const found = await explain(given, coalitionCount(4));
    // With one background row the log-odds are linear.
    const expected = Array.from(given.x, (v, i) => (i - 2) * (v - given.rows[0]![i]!));
    assertClose(found.attributions, expected, 1e-9);
    const certain = { ...given, f: () => 1 };
    await assert.rejects(explain(certain, 14), /1, which link "logit" makes infinite/);
    const beyond = { ...given, f: () => 1.5 };
    await assert.rejects(explain(beyond, 14), /1\.5, which is no probability/);
  });

  it('needs no coalition for one feature, and none for none', async () => {
    const one = await explain({ f: curved, ...data(1, 2) }, 0);
    assert.equal(one.mode, 'exact');
    assert.equal(one.attributions[0], one.prediction - one.base);
    const { x } = data(3, 1);
    const none = await explain({ f: curved, x, rows: [x], weights: [1] }, 0);
    assert.deepEqual([...none.attributions], [0, 0, 0]);
  });

  it('comes close with standard errors that say how close, and adds up', async () => {
    const given = { f: curved, ...data(14, 2) };
    const exact = await explain(given, coalitionCount(14));
    const ratios: number[] = [];
    for (let seed = 0; seed < 12; seed++) {
      const found = await explain(given, 400, seed);
      assert.equal(found.mode, 'sampled');
      assertAdds(found);
      for (const [i, error] of found.standardErrors!.entries()) {
        if (error > 1e-12) ratios.push((found.attributions[i]! - exact.attributions[i]!) / error);
      }
    }
    assert.ok(ratios.length > 40);
    const spread = Math.sqrt(ratios.reduce((sum, r) => sum + r * r, 0) / ratios.length);
    assert.ok(spread > 0.4 && spread < 1.6, `errors are ${spread} times what is said`);
  });

  it('gives the same bytes for the same seed, others for another', async () => {
    const given = { f: curved, ...data(14, 2) };
    const first = await explain(given, 300, 5);
    assert.deepEqual(await explain(given, 300, 5), first);
    assert.notDeepEqual((await explain(given, 300, 6)).attributions, first.attributions);
  });

  it('tells what it knows where time runs out, also in the middle of what would be exact', async () => {
    const given = { f: curved, ...data(10, 2) };
    const exact = await explain(given, coalitionCount(10));
    const early = await explain({ ...given, most: 1201 }, coalitionCount(10));
    assert.equal(early.mode, 'sampled');
    assert.equal(early.complete, false);
    assertAdds(early);
    for (const [i, error] of early.standardErrors!.entries()) {
      const off = Math.abs(early.attributions[i]! - exact.attributions[i]!);
      assert.ok(off < 6 * error + 1e-9, `feature ${i} is off by ${off}, said ${error}`);
    }
    await assert.rejects(explain({ ...given, most: 9 }, coalitionCount(10)), {
      code: 'EXPLANATION_INCOMPLETE',
      message: /4 of 1022 coalitions were evaluated/,
    });
  });

  it('refuses values that are no numbers', async () => {
    const given = { f: (row: Float64Array) => (row[0]! > 0 ? NaN : 1), ...data(3, 2) };
    await assert.rejects(explain({ ...given, x: Float64Array.of(1, 1, 1) }, 6), {
      code: 'EXPLANATION_NOT_FINITE',
    });
  });
});

describe('affordableCoalitions', () => {
  it('is all of them where the budget reaches, an even number otherwise', () => {
    // 1 for the row, 10 for the background, 10 for each of 2^4 - 2.
    assert.equal(affordableCoalitions(4, 10, 151), 14);
    assert.equal(affordableCoalitions(4, 10, 150), 12);
    assert.equal(affordableCoalitions(20, 10, 1000), 98);
    assert.equal(fewestCoalitions(4), 8);
    assert.equal(fewestCoalitions(2), 2);
  });

  it('is bounded in memory and in arithmetic', () => {
    assert.equal(affordableCoalitions(30, 1, limits.evaluations), limits.coalitions);
    const most = affordableCoalitions(limits.kernelFeatures, 1, limits.evaluations);
    assert.equal(most, 2048);
    assert.ok(most >= fewestCoalitions(limits.kernelFeatures));
  });
});

describe('the permutation method', () => {
  it('is exact from one order on where no more than two features interact', async () => {
    const f = (row: Float64Array): number => row[0]! * row[1]! + row[2]! * row[3]! + linear(row);
    const given = { f, ...data(5, 3) };
    const found = await permutationShap(await taskOf(given), 1);
    const expected = shapleyByOrders(given.x, given.rows, given.weights, f);
    assertClose(found.attributions, expected, 1e-12);
    assert.equal(found.standardErrors, undefined);
    assertAdds(found);
  });

  it('comes close with standard errors that say how close', async () => {
    const given = { f: curved, ...data(7, 3) };
    const expected = shapleyByOrders(given.x, given.rows, given.weights, curved);
    const ratios: number[] = [];
    for (let seed = 0; seed < 20; seed++) {
      const found = await permutationShap(await taskOf(given, seed), 30);
      assert.equal(found.mode, 'sampled');
      assertAdds(found);
      for (const [i, error] of found.standardErrors!.entries()) {
        if (error > 1e-9) ratios.push((found.attributions[i]! - expected[i]!) / error);
      }
    }
    const spread = Math.sqrt(ratios.reduce((sum, r) => sum + r * r, 0) / ratios.length);
    assert.ok(spread > 0.6 && spread < 1.4, `errors are ${spread} times what is said`);
  });

  it('is the same for the same seed', async () => {
    const given = { f: curved, ...data(7, 3) };
    const first = await permutationShap(await taskOf(given, 5), 3);
    assert.deepEqual(await permutationShap(await taskOf(given, 5), 3), first);
  });

  it('keeps the orders that were finished in time, and fails without one', async () => {
    // Twelve coalitions of three rows an order.
    const given = { f: curved, ...data(7, 3) };
    const early = await permutationShap(await taskOf({ ...given, most: 80 }), 10);
    const two = await permutationShap(await taskOf(given), 2);
    assert.deepEqual(early.attributions, two.attributions);
    assert.equal(early.complete, false);
    await assert.rejects(permutationShap(await taskOf({ ...given, most: 30 }), 10), {
      code: 'EXPLANATION_INCOMPLETE',
    });
  });
});
