/**
 * The texts in a claim. A name that is no claim's own leads, at its dots, into objects:
 * `realm_access.roles`.
 */
export function claimTexts(payload: Readonly<Record<string, unknown>>, name: string): string[] {
  if (Object.hasOwn(payload, name)) return textsOf(payload[name]);
  let value: unknown = payload;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return [];
    value = (value as Readonly<Record<string, unknown>>)[part];
  }
  return textsOf(value);
}

/** A text, a list of texts, or a number or boolean as JSON writes it; of anything else, none. */
export function textsOf(value: unknown): string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.flatMap((one) => {
    if (typeof one === 'string') return [one];
    return typeof one === 'number' || typeof one === 'boolean' ? [String(one)] : [];
  });
}
