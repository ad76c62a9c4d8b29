/** The `id` of an object; `undefined` for what has none, such as a bare text. */
export function idOf(x: unknown): unknown {
  return typeof x === 'object' && x !== null && 'id' in x ? x.id : undefined;
}
