/**
 * Shapley values by their definition: the mean of what a feature adds, over all orders in which features
 * can join. 2^features values are read.
 *
 * @param features - number of features, at most 30.
 * @param valueOf - of a coalition; feature `i` is in it where bit `i` is set.
 * @returns one value per feature.
 */
export function exactShapley(features: number, valueOf: (mask: number) => number): Float64Array {
  const weights = joiningWeights(features);
  const shapley = new Float64Array(features);
  for (let mask = 0; mask < 2 ** features; mask++) {
    const size = bitCount(mask);
    const value = valueOf(mask);
    for (let feature = 0; feature < features; feature++) {
      // A coalition counts for its members as what they made of it, for others as what they join.
      const isIn = (mask & (1 << feature)) !== 0;
      const weight = isIn ? weights[size - 1] : -(weights[size] ?? 0);
      shapley[feature] = (shapley[feature] ?? 0) + (weight ?? 0) * value;
    }
  }
  return shapley;
}

/** Share of the orders in which one feature joins right after `s` given ones: s!(n-s-1)!/n!. */
function joiningWeights(features: number): readonly number[] {
  const weights: number[] = [];
  let choices = 1;
  for (let size = 0; size < features; size++) {
    weights.push(1 / (features * choices));
    choices = (choices * (features - 1 - size)) / (size + 1);
  }
  return weights;
}

export function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
