/** Digits of the longest integer that is taken as it stands; more are no id, and slow to work with. */
const mostDigits = 40;

/** What stands for an integer while JSON is parsed. */
const mark = ' integer ';

/** A text, or an integer that a double may not hold: not the digits of a fraction or an exponent. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\d.eE+-])-?[1-9]\d{15,}(?![\d.eE])/g;

/**
 * Parses JSON, with integers that a double would round as bigints: an id of 64 bits is to come out as
 * it went in.
 *
 * @throws Error where it is no JSON
 */
export function parseExactly(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  const marked = text.replaceAll(tokens, (token) => {
    if (token.startsWith('"') || Number.isSafeInteger(Number(token))) return token;
    if (token.length > mostDigits) throw new Error(`an integer of ${token.length} digits`);
    return `"${mark}${token}"`;
  });
  if (marked.length === text.length) return JSON.parse(text);
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === 'string' && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value,
  );
}
