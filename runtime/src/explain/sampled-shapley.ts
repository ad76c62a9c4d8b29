import { type CoalitionPlan, kernelMass, membersOf, sizeOf } from './coalitions';
import { constrainedLeastSquares } from './least-squares';

/** What is known of a game on a plan's coalitions. */
export interface SampledGame {
  readonly plan: CoalitionPlan;
  /** Coalitions from the plan's beginning that were evaluated; even. */
  readonly known: number;
  /** Value of each of them, less that of the empty coalition. */
  readonly values: Float64Array<ArrayBuffer>;
  /** Value of the full coalition, less that of the empty one: what the features share. */
  readonly total: number;
}

export interface SampledShapley {
  readonly shapley: Float64Array<ArrayBuffer>;
  /** `undefined` where nothing was left to chance, or too little was drawn to tell. */
  readonly standardErrors: Float64Array<ArrayBuffer> | undefined;
}

/** Parts of the draws that are left out in turn to see how far the answer moves. */
const parts = 10;

/**
 * Shapley values as the weighted least squares of Lundberg and Lee 2017 (theorem 2), on the coalitions
 * that were evaluated. Standard errors are a jackknife over tenths of the coalitions that chance chose.
 *
 * @returns `undefined` where the coalitions do not tell the features apart.
 */
export function sampledShapley(game: SampledGame): SampledShapley | undefined {
  const strata = strataOf(game);
  const shapley = fit(game, strata, undefined);
  if (shapley === undefined) return undefined;
  const chosen = strata.reduce((sum, stratum) => sum + (stratum.chosen ? stratum.pairs : 0), 0);
  if (chosen < 2 * parts) return { shapley, standardErrors: undefined };
  const without: Float64Array[] = [];
  for (let part = 0; part < parts; part++) {
    const rest = fit(game, strata, part);
    if (rest === undefined) return { shapley, standardErrors: undefined };
    without.push(rest);
  }
  return { shapley, standardErrors: jackknife(without) };
}

function jackknife(without: readonly Float64Array[]): Float64Array<ArrayBuffer> {
  const features = without[0]?.length ?? 0;
  return Float64Array.from({ length: features }, (_, feature) => {
    const values = without.map((rest) => rest[feature] ?? 0);
    const mean = values.reduce((sum, value) => sum + value, 0) / parts;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return Math.sqrt((squares * (parts - 1)) / parts);
  });
}

/** Sums over some coalitions, each counted as often as it was drawn. */
class Sums {
  coalitions = 0;
  draws = 0;
  readonly gram: Float64Array;
  readonly moments: Float64Array;

  constructor(features: number) {
    this.gram = new Float64Array(features * features);
    this.moments = new Float64Array(features);
  }

  add(members: Uint32Array, draws: number, value: number): void {
    const { gram, moments } = this;
    const features = moments.length;
    this.coalitions++;
    this.draws += draws;
    for (let i = 0; i < members.length; i++) {
      const row = members[i] ?? 0;
      moments[row] = (moments[row] ?? 0) + draws * value;
      for (let j = 0; j <= i; j++) {
        const at = row * features + (members[j] ?? 0);
        gram[at] = (gram[at] ?? 0) + draws;
      }
    }
  }
}

/** Coalitions that share a part of the kernel: those of one size taken whole, or all that were drawn. */
interface Stratum {
  readonly mass: number;
  /** Whether chance chose which coalitions of it are known. */
  readonly chosen: boolean;
  /** Coalitions that are known, each counted together with its complement. */
  readonly pairs: number;
  /** By part where chance chose, otherwise one for all. */
  readonly sums: readonly Sums[];
}

/** Coalitions by the stratum that they belong to: their size, 0 where they were drawn. */
function strataOf({ plan, known, values }: SampledGame): readonly Stratum[] {
  const stratumOf = (coalition: number): number =>
    (plan.draws[coalition] ?? 0) > 0 ? 0 : sizeOf(plan, coalition);
  const unknown = new Set<number>();
  for (let coalition = known; coalition < plan.count; coalition++) {
    unknown.add(stratumOf(coalition));
  }
  const strata = new Map<number, Sums[]>();
  const scratch = new Uint32Array(plan.features);
  const isChosen = (stratum: number): boolean => stratum === 0 || unknown.has(stratum);
  for (let coalition = 0; coalition < known; coalition++) {
    const stratum = stratumOf(coalition);
    const sums = strata.get(stratum) ?? [];
    strata.set(stratum, sums);
    // A coalition and its complement belong to the same part.
    const part = isChosen(stratum) ? (coalition >>> 1) % parts : 0;
    const own = (sums[part] ??= new Sums(plan.features));
    const draws = Math.max(1, plan.draws[coalition] ?? 0);
    own.add(membersOf(plan, coalition, scratch), draws, values[coalition] ?? 0);
  }
  let drawnMass = 0;
  for (let size = 1; size < plan.features; size++) {
    if (!strata.has(size) && !unknown.has(size)) drawnMass += kernelMass(plan.features, size);
  }
  return [...strata].map(([stratum, sums]) => ({
    mass: stratum === 0 ? drawnMass : kernelMass(plan.features, stratum),
    chosen: isChosen(stratum),
    pairs: sums.reduce((sum, { coalitions }) => sum + coalitions / 2, 0),
    sums,
  }));
}

/** @param leftOut - part of the coalitions of chosen strata to do without. @default - none */
function fit(
  { plan, total }: SampledGame,
  strata: readonly Stratum[],
  leftOut: number | undefined,
): Float64Array<ArrayBuffer> | undefined {
  const gram = new Float64Array(plan.features * plan.features);
  const moments = new Float64Array(plan.features);
  for (const { mass, chosen, sums } of strata) {
    const used = sums.filter((_, part) => !chosen || part !== leftOut);
    const draws = used.reduce((sum, own) => sum + own.draws, 0);
    for (const own of used) {
      addScaled(gram, own.gram, mass / draws);
      addScaled(moments, own.moments, mass / draws);
    }
  }
  return constrainedLeastSquares(gram, moments, total) as Float64Array<ArrayBuffer> | undefined;
}

function addScaled(to: Float64Array, from: Float64Array, scale: number): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] ?? 0) + scale * (from[i] ?? 0);
}
