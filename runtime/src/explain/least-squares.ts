/**
 * Share of a column's square that must be its own and not a combination of the columns before it. Below,
 * what solves the equations is rounding: of sixteen digits some ten would be lost.
 */
const leastPivot = 1e-10;

/**
 * The `x` that minimizes xᵀGx - 2mᵀx with its elements adding up to `total`: weighted least squares
 * with that one constraint, where G = Σwzzᵀ and m = Σwyz over rows z with results y and weights w.
 * By Lagrange's multiplier, x = G⁻¹(m - λ1) with λ chosen so that the sum is met.
 *
 * @param gram - G, of n rows of n elements; only the lower triangle is read, and it is overwritten.
 * @param moments - m, of n elements.
 * @returns `undefined` where the rows do not tell the elements of `x` apart.
 */
export function constrainedLeastSquares(
  gram: Float64Array,
  moments: Float64Array,
  total: number,
): Float64Array | undefined {
  const n = moments.length;
  if (!factorize(gram, n)) return undefined;
  const free = solve(gram, moments);
  const ones = solve(gram, new Float64Array(n).fill(1));
  const excess = (sum(free) - total) / sum(ones);
  return free.map((value, i) => value - excess * (ones[i] ?? 0));
}

/** Cholesky's factor in place of the lower triangle. @returns whether the matrix has one */
function factorize(a: Float64Array, n: number): boolean {
  for (let column = 0; column < n; column++) {
    const row = column * n;
    const own = a[row + column] ?? 0;
    let pivot = own;
    for (let k = 0; k < column; k++) pivot -= (a[row + k] ?? 0) ** 2;
    // Written so that a NaN is refused as well.
    if (!(pivot > leastPivot * own)) return false;
    const root = Math.sqrt(pivot);
    a[row + column] = root;
    for (let below = column + 1; below < n; below++) {
      let value = a[below * n + column] ?? 0;
      for (let k = 0; k < column; k++) value -= (a[below * n + k] ?? 0) * (a[row + k] ?? 0);
      a[below * n + column] = value / root;
    }
  }
  return true;
}

function solve(factor: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  const x = right.slice();
  for (let i = 0; i < n; i++) {
    let value = x[i] ?? 0;
    for (let k = 0; k < i; k++) value -= (factor[i * n + k] ?? 0) * (x[k] ?? 0);
    x[i] = value / (factor[i * n + i] ?? 0);
  }
  for (let i = n - 1; i >= 0; i--) {
    let value = x[i] ?? 0;
    for (let k = i + 1; k < n; k++) value -= (factor[k * n + i] ?? 0) * (x[k] ?? 0);
    x[i] = value / (factor[i * n + i] ?? 0);
  }
  return x;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
