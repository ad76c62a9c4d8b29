/** What a kept column holds: integers that a double holds too, any of 64 bits, other numbers, anything. */
export type KeptKind = 'whole' | 'integer' | 'number' | 'text';

/** A column of the input that the output carries. */
export interface KeptColumn {
  readonly name: string;
  readonly kind: KeptKind;
}

const int64 = { least: -(2n ** 63n), most: 2n ** 63n - 1n } as const;

/** The kind of a column whose values so far were of the kind `before`, and which holds `value` too. */
export function kindWith(before: KeptKind | undefined, value: unknown): KeptKind | undefined {
  if (value === null || value === undefined) return before;
  const kind = kindOf(value);
  if (before === undefined || before === kind) return kind;
  // Whole numbers are of the kind of the others; a double does not hold what is beyond them.
  if (before === 'whole' && kind !== 'text') return kind;
  return kind === 'whole' ? before : 'text';
}

function kindOf(value: unknown): KeptKind {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'whole' : 'number';
  if (typeof value !== 'bigint' || value < int64.least || value > int64.most) return 'text';
  return Number.isSafeInteger(Number(value)) ? 'whole' : 'integer';
}

/**
 * A kept value as JSON has it. An integer that JSON's readers would round is a text, as it is in the
 * model's outputs.
 */
export function keptCell(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return value ?? null;
  if (Array.isArray(value)) return value.map(keptCell);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as Iterable<unknown>, keptCell);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, keptCell(item)]));
}
