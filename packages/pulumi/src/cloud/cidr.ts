/** A range of IPv4 addresses. */
export interface Range {
  /** First address, as a number. */
  readonly first: number;
  /** Bits that are fixed: 0 to 32. */
  readonly prefix: number;
}

/** Reads a range in CIDR notation; `undefined` for text that is none, or whose address is not its first. */
export function parseRange(text: string): Range | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return undefined;
  const numbers = match.slice(1).map(Number);
  const prefix = numbers.pop() ?? 0;
  if (prefix > 32 || numbers.some((n) => n > 255)) return undefined;
  const first = numbers.reduce((sum, n) => sum * 256 + n, 0);
  return first % sizeOf({ first, prefix }) === 0 ? { first, prefix } : undefined;
}

/** How many addresses a range has. */
export function sizeOf({ prefix }: Range): number {
  return 2 ** (32 - prefix);
}

export function overlaps(a: Range, b: Range): boolean {
  return a.first < b.first + sizeOf(b) && b.first < a.first + sizeOf(a);
}

export function contains(outer: Range, inner: Range): boolean {
  return outer.prefix <= inner.prefix && overlaps(outer, inner);
}

/** The range of a prefix that begins `offset` addresses into another. */
export function rangeAt({ first }: Range, offset: number, prefix: number): Range {
  return { first: first + offset, prefix };
}

export function formatRange({ first, prefix }: Range): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
  return `${octets.join('.')}/${prefix}`;
}
