import { errors } from '../errors';
import { type CoalitionGame, type CoalitionValues } from './coalition-game';
import { coalitionCount, type CoalitionPlan, holds, wordsFor } from './coalitions';
import { exactShapley } from './exact-shapley';
import type { Explanation } from './explanation';
import { limits } from './limits';
import type { ShapleyMath } from './math';

export interface ShapleyTask {
  readonly game: CoalitionGame;
  readonly features: number;
  /** The model's output for the row, on the scale of the link. */
  readonly prediction: number;
  /** That of the empty coalition. */
  readonly base: number;
  readonly seed: number;
}

/** Coalitions that a budget of rows allows for; beside them the row and the empty coalition are run. */
export function affordableCoalitions(
  players: number,
  rowsPerCoalition: number,
  budget: number,
): number {
  const count = Math.floor((budget - 1 - rowsPerCoalition) / rowsPerCoalition);
  const all = coalitionCount(players);
  if (players <= limits.exactFeatures && count >= all) return all;
  const even = Math.min(count, limits.coalitions, Math.floor(limits.kernelWork / players ** 2));
  return Math.min(all, even - (even % 2));
}

/** Fewest coalitions that tell players apart: all of size 1, with their complements. */
export function fewestCoalitions(players: number): number {
  return Math.min(coalitionCount(players), 2 * players);
}

/**
 * KernelSHAP: Shapley values, exact where every coalition is evaluated, otherwise fitted to a choice of
 * them. Source: Lundberg and Lee, "A Unified Approach to Interpreting Model Predictions", 2017.
 *
 * @param coalitions - to evaluate; at least `fewestCoalitions`.
 * @throws ServingError EXPLANATION_INCOMPLETE where time ran out before anything could be told.
 */
export async function kernelShap(
  task: ShapleyTask,
  coalitions: number,
  math: ShapleyMath,
): Promise<Explanation> {
  const { game, base, prediction } = task;
  const players = game.players.length;
  const total = prediction - base;
  if (players === 0) return explanation(task, new Float64Array(0), { mode: 'exact' });
  if (players === 1) return explanation(task, Float64Array.of(total), { mode: 'exact' });
  const plan = await math.plan(players, coalitions, task.seed);
  const { values, known } = await game.values(plan.count, (coalition, player) =>
    holds(plan, coalition, player),
  );
  const complete = known === plan.count;
  if (complete && plan.count === coalitionCount(players)) {
    return explanation(task, exactOf(plan, values, task), { mode: 'exact' });
  }
  const sampled = await math.solve({
    plan,
    // A coalition without its complement would tip the balance.
    known: known - (known % 2),
    values: values.map((value) => value - base),
    total,
  });
  if (sampled === undefined) throw incomplete(plan, { values, known });
  return explanation(task, sampled.shapley, { ...sampled, mode: 'sampled', complete });
}

/** Values of players put in the places of their features; the rest of the features made no difference. */
export function explanation(
  { game, features, base, prediction }: ShapleyTask,
  shapley: Float64Array,
  found: {
    readonly mode: Explanation['mode'];
    readonly standardErrors?: Float64Array | undefined;
    readonly complete?: boolean;
  },
): Explanation {
  const ofFeatures = (ofPlayers: Float64Array): Float64Array => {
    const all = new Float64Array(features);
    for (const [place, feature] of game.players.entries()) all[feature] = ofPlayers[place] ?? 0;
    return all;
  };
  const { mode, standardErrors, complete = true } = found;
  return {
    attributions: ofFeatures(shapley),
    standardErrors: standardErrors && ofFeatures(standardErrors),
    base,
    prediction,
    mode,
    complete,
  };
}

function exactOf(
  plan: CoalitionPlan,
  values: Float64Array,
  { base, prediction }: ShapleyTask,
): Float64Array {
  const words = wordsFor(plan.features);
  const byMask = new Float64Array(2 ** plan.features);
  byMask[0] = base;
  byMask[byMask.length - 1] = prediction;
  for (const [i, value] of values.entries()) byMask[plan.masks[i * words] ?? 0] = value;
  return exactShapley(plan.features, (mask) => byMask[mask] ?? 0);
}

function incomplete({ count }: CoalitionPlan, { known }: CoalitionValues): Error {
  return errors.explanationIncomplete(`${known} of ${count} coalitions were evaluated`);
}
