import type { Evaluation, WriteRow } from '../../src/explain/evaluation';

/** Rows through a plain function, as many as there is time for. */
export class FunctionEvaluation implements Evaluation {
  used = 0;

  /**
   * @param f - of one row.
   * @param most - rows that are run before time is over. @default - all
   */
  constructor(
    private readonly columns: number,
    private readonly f: (row: Float64Array) => number,
    private readonly most = Infinity,
  ) {}

  rows(
    count: number,
    write: WriteRow,
    take: (row: number, value: number) => void,
  ): Promise<number> {
    const row = new Float64Array(this.columns);
    for (let i = 0; i < count; i++) {
      if (this.used >= this.most) return Promise.resolve(i);
      write(i, row, 0);
      take(i, this.f(row));
      this.used++;
    }
    return Promise.resolve(count);
  }
}

/**
 * Shapley values by brute force over every order in which features can join: nothing is shared with
 * the code under test.
 */
export function shapleyByOrders(
  x: Float64Array,
  background: readonly Float64Array[],
  weights: readonly number[],
  f: (row: Float64Array) => number,
): number[] {
  const value = (members: ReadonlySet<number>): number =>
    background.reduce((sum, row, b) => {
      const mixed = row.map((own, i) => (members.has(i) ? x[i]! : own));
      return sum + weights[b]! * f(mixed);
    }, 0);
  const shapley = new Array<number>(x.length).fill(0);
  let orders = 0;
  const join = (members: Set<number>, worth: number, share: number[]): void => {
    if (members.size === x.length) {
      orders++;
      for (const [i, added] of share.entries()) shapley[i] = shapley[i]! + added;
      return;
    }
    for (let i = 0; i < x.length; i++) {
      if (members.has(i)) continue;
      const more = new Set(members).add(i);
      const now = value(more);
      join(more, now, share.with(i, now - worth));
    }
  };
  join(new Set(), value(new Set()), new Array<number>(x.length).fill(0));
  return shapley.map((sum) => sum / orders);
}

/** A model in which up to three features interact. */
export function curved(row: Float64Array): number {
  const [a = 0, b = 0, c = 0, ...rest] = row;
  return (
    Math.sin(a) * b +
    Math.exp(-c * c) * a * b +
    rest.reduce((sum, v, i) => sum + v * v * (i + 1), c)
  );
}
