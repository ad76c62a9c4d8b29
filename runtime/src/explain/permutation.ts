import { errors } from '../errors';
import type { Explanation } from './explanation';
import { explanation, type ShapleyTask } from './kernel-shap';
import { Random } from './random';

/** Coalitions of one order of the players, there and back, without the empty and the full one. */
export function coalitionsPerPermutation(players: number): number {
  return 2 * Math.max(0, players - 1);
}

/**
 * Shapley values as the mean of what players add as they join one after the other, in random orders,
 * each taken forwards and backwards. The antithetic pair makes one order exact for models in which no
 * more than two features interact, and the values always add up.
 *
 * Source: Castro, Gómez and Tejada, "Polynomial calculation of the Shapley value based on sampling",
 * 2009; forwards and backwards as in the `shap` package 0.51, `PermutationExplainer`.
 *
 * @param permutations - orders to take; at least 1.
 * @throws ServingError EXPLANATION_INCOMPLETE where time ran out within the first.
 */
export async function permutationShap(
  task: ShapleyTask,
  permutations: number,
): Promise<Explanation> {
  const { game, base, prediction, seed } = task;
  const players = game.players.length;
  if (players === 0) return explanation(task, new Float64Array(0), { mode: 'exact' });
  if (players === 1) {
    return explanation(task, Float64Array.of(prediction - base), { mode: 'exact' });
  }
  const random = new Random(seed);
  const mean = new Float64Array(players);
  const squares = new Float64Array(players);
  let taken = 0;
  for (; taken < permutations; taken++) {
    const order = Uint32Array.from({ length: players }, (_, i) => i);
    random.shuffle(order);
    const added = await addedBy(task, order);
    if (added === undefined) break;
    // Welford's update: the squares do not cancel where values are large and differ little.
    for (const [player, value] of added.entries()) {
      const off = value - (mean[player] ?? 0);
      mean[player] = (mean[player] ?? 0) + off / (taken + 1);
      squares[player] = (squares[player] ?? 0) + off * (value - (mean[player] ?? 0));
    }
  }
  if (taken === 0)
    throw errors.explanationIncomplete('not one order of the features was evaluated');
  const standardErrors =
    taken < 2 ? undefined : squares.map((sum) => Math.sqrt(sum / (taken - 1) / taken));
  return explanation(task, mean, {
    mode: 'sampled',
    standardErrors,
    complete: taken === permutations,
  });
}

/** What each player adds on average of both directions; `undefined` where time ran out. */
async function addedBy(
  { game, base, prediction }: ShapleyTask,
  order: Uint32Array,
): Promise<Float64Array | undefined> {
  const players = order.length;
  const placeOf = new Uint32Array(players);
  for (const [place, player] of order.entries()) placeOf[player] = place;
  // First the coalitions of the first 1, 2, … players, then of the last 1, 2, ….
  const steps = players - 1;
  const { values, known } = await game.values(2 * steps, (coalition, player) => {
    const place = placeOf[player] ?? 0;
    return coalition < steps ? place <= coalition : place >= players - 1 - (coalition - steps);
  });
  if (known < 2 * steps) return undefined;
  const firsts = [base, ...values.subarray(0, steps), prediction];
  const lasts = [base, ...values.subarray(steps), prediction];
  const added = new Float64Array(players);
  for (const [place, player] of order.entries()) {
    const forwards = (firsts[place + 1] ?? 0) - (firsts[place] ?? 0);
    const backwards = (lasts[players - place] ?? 0) - (lasts[players - place - 1] ?? 0);
    added[player] = (forwards + backwards) / 2;
  }
  return added;
}
