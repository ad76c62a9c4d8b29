/** A value as an error message shows it: short, and plainly what it was. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  // JSON has digits for it, JavaScript's numbers have not.
  if (value === Infinity || value === -Infinity) return 'a number beyond ±1.8e308';
  const text = typeof value === 'bigint' ? `${value}` : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
