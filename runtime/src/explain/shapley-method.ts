import { errors } from '../errors';
import { CoalitionGame, type GameOptions } from './coalition-game';
import type { Evaluation } from './evaluation';
import type { Explanation } from './explanation';
import {
  affordableCoalitions,
  fewestCoalitions,
  kernelShap,
  type ShapleyTask,
} from './kernel-shap';
import { defaults, limits } from './limits';
import type { ShapleyMath } from './math';
import { coalitionsPerPermutation, permutationShap } from './permutation';

export interface ShapleyOptions extends GameOptions {
  readonly method: 'kernel_shap' | 'permutation';
  readonly seed: number;
  /** @default - as much as the method's default takes */
  readonly budget: number | undefined;
}

/**
 * Explains by one of the two methods that estimate Shapley values.
 *
 * @param output - the model's output for the row, not on the scale of the link yet.
 * @throws ServingError
 */
export async function explainByShapley(
  evaluation: Evaluation,
  options: ShapleyOptions,
  output: number,
  math: ShapleyMath,
): Promise<Explanation> {
  const { method, features, seed } = options;
  const game = new CoalitionGame(evaluation, options);
  const players = game.players.length;
  const work =
    method === 'kernel_shap' ? kernelWork(game, options) : permutationWork(game, options);
  const { values, known } = await game.values(1, () => false);
  if (known < 1) throw errors.explanationIncomplete('the background was not evaluated');
  const task: ShapleyTask = {
    game,
    features: features.length,
    prediction: game.scaled(output),
    base: values[0] ?? 0,
    seed,
  };
  if (players < 2 || method === 'kernel_shap') return kernelShap(task, work, math);
  return permutationShap(task, work);
}

/** Coalitions to evaluate. */
function kernelWork(game: CoalitionGame, { budget }: ShapleyOptions): number {
  const players = game.players.length;
  const rows = game.rowsPerCoalition;
  if (players > limits.kernelFeatures) throw tooManyFeatures(players, limits.kernelFeatures);
  const enough = rowsFor(rows, fewestCoalitions(players));
  const usual = rowsFor(rows, 2 * players + defaults.sampledCoalitions);
  checkBudget(budget, enough, players, rows);
  return affordableCoalitions(players, rows, budget ?? Math.min(usual, limits.evaluations));
}

/** Orders of the features to take. */
function permutationWork(game: CoalitionGame, { budget }: ShapleyOptions): number {
  const players = game.players.length;
  const rows = game.rowsPerCoalition;
  if (players > limits.permutationFeatures) {
    throw tooManyFeatures(players, limits.permutationFeatures);
  }
  const each = coalitionsPerPermutation(players);
  checkBudget(budget, rowsFor(rows, each), players, rows);
  const usual = rowsFor(rows, each * defaults.permutations);
  const granted = budget ?? Math.min(usual, limits.evaluations);
  return each === 0 ? 0 : Math.floor((granted - rowsFor(rows, 0)) / (rows * each));
}

/** Rows that an explanation runs in all: the row itself, the empty coalition, and the others. */
function rowsFor(rowsPerCoalition: number, coalitions: number): number {
  return 1 + rowsPerCoalition * (1 + coalitions);
}

function checkBudget(
  budget: number | undefined,
  enough: number,
  players: number,
  rows: number,
): void {
  if ((budget ?? limits.evaluations) >= enough) return;
  const needs = `${enough}, which ${players} features that differ from ${rows} background rows take at least`;
  throw errors.fieldInvalid(
    'parameters.budget',
    budget === undefined ? `the greatest, ${limits.evaluations}` : String(budget),
    `${needs}; fewer background rows or groups of features take less`,
  );
}

function tooManyFeatures(players: number, most: number): Error {
  const expected = `a method for ${players} features that differ from the background; this one tells at most ${most} apart: join them with "groups"${most < limits.permutationFeatures ? ', or use permutation' : ''}`;
  throw errors.fieldInvalid('parameters.method', String(players), expected);
}
