/** Comparable whatever the order of objects and keys. */
export function texts(values: readonly unknown[]): readonly string[] {
  return values.map((value) => JSON.stringify(sorted(value))).sort();
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, sorted(item)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b)));
}
