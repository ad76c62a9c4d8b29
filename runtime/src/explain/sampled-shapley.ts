import { type CoalitionPlan, holds, kernelMass, sizeOf } from './coalitions';
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
  const isRandom = strata.some(({ chosen }) => chosen);
  if (!isRandom) return { shapley, standardErrors: undefined };
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

/** Coalitions that share a part of the kernel: those of one size taken whole, or all that were drawn. */
interface Stratum {
  readonly mass: number;
  /** Whether chance chose which coalitions of it are known. */
  readonly chosen: boolean;
  readonly coalitions: readonly number[];
}

function strataOf({ plan, known }: SampledGame): readonly Stratum[] {
  const whole = new Map<number, number[]>();
  const planned = new Map<number, number>();
  const drawn: number[] = [];
  let mass = 0;
  for (let size = 1; size < plan.features; size++) mass += kernelMass(plan.features, size);
  for (let coalition = 0; coalition < plan.count; coalition++) {
    if ((plan.draws[coalition] ?? 0) > 0) {
      if (coalition < known) drawn.push(coalition);
      continue;
    }
    const size = sizeOf(plan, coalition);
    planned.set(size, (planned.get(size) ?? 0) + 1);
    const members = whole.get(size) ?? [];
    whole.set(size, members);
    if (coalition < known) members.push(coalition);
  }
  const strata = [...whole].map(([size, coalitions]): Stratum => {
    const own = kernelMass(plan.features, size);
    mass -= own;
    return { mass: own, chosen: coalitions.length < (planned.get(size) ?? 0), coalitions };
  });
  return [...strata, { mass, chosen: drawn.length > 0, coalitions: drawn }];
}

/** @param leftOut - part of the coalitions of chosen strata to do without. @default - none */
function fit(
  { plan, values, total }: SampledGame,
  strata: readonly Stratum[],
  leftOut: number | undefined,
): Float64Array<ArrayBuffer> | undefined {
  const n = plan.features;
  const gram = new Float64Array(n * n);
  const moments = new Float64Array(n);
  for (const { mass, chosen, coalitions } of strata) {
    const isUsed = (coalition: number): boolean => !chosen || partOf(coalition) !== leftOut;
    const counts = (coalition: number): number => Math.max(1, plan.draws[coalition] ?? 0);
    let drawn = 0;
    for (const coalition of coalitions) if (isUsed(coalition)) drawn += counts(coalition);
    for (const coalition of coalitions) {
      if (!isUsed(coalition)) continue;
      const weight = (mass * counts(coalition)) / drawn;
      add(plan, coalition, weight, values[coalition] ?? 0, gram, moments);
    }
  }
  return constrainedLeastSquares(gram, moments, total) as Float64Array<ArrayBuffer> | undefined;
}

/** A coalition and its complement belong to the same part. */
function partOf(coalition: number): number {
  return (coalition >>> 1) % parts;
}

function add(
  plan: CoalitionPlan,
  coalition: number,
  weight: number,
  value: number,
  gram: Float64Array,
  moments: Float64Array,
): void {
  const members: number[] = [];
  for (let feature = 0; feature < plan.features; feature++) {
    if (holds(plan, coalition, feature)) members.push(feature);
  }
  for (let i = 0; i < members.length; i++) {
    const row = members[i] ?? 0;
    moments[row] = (moments[row] ?? 0) + weight * value;
    const start = row * plan.features;
    for (let j = 0; j <= i; j++) {
      const at = start + (members[j] ?? 0);
      gram[at] = (gram[at] ?? 0) + weight;
    }
  }
}
