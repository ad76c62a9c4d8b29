/** A set of bytes: 1 where a byte belongs to it. */
export type ByteSet = Uint8Array;

/** The bytes for which a pattern holds, each seen as the character of its number. */
export function bytesLike(pattern: RegExp): ByteSet {
  return Uint8Array.from({ length: 256 }, (_, byte) =>
    pattern.test(String.fromCharCode(byte)) ? 1 : 0,
  );
}

/**
 * Goes over bytes from left to right. Where a step does not fit, `at` stands at the byte at fault, or
 * past the last one where the bytes ran out: more of them may fit.
 */
export class Scanner {
  at = 0;

  constructor(readonly bytes: Buffer) {}

  get ranOut(): boolean {
    return this.at === this.bytes.length;
  }

  /** The next byte; `undefined` where there is none. */
  get next(): number | undefined {
    return this.bytes[this.at];
  }

  /** Passes over a text. @returns whether all of it was there */
  text(expected: Uint8Array): boolean {
    const { bytes, at } = this;
    let matched = 0;
    while (matched < expected.length && bytes[at + matched] === expected[matched]) matched++;
    this.at = at + matched;
    return matched === expected.length;
  }

  /** Passes over bytes of a set, none or more. @returns whether a byte of another kind follows */
  span(set: ByteSet): boolean {
    const { bytes } = this;
    let { at } = this;
    while (at < bytes.length && set[bytes[at] ?? 0] === 1) at++;
    this.at = at;
    return at < bytes.length;
  }

  /** Where the bytes from `start` on end, less those of a set at their end. */
  endWithout(set: ByteSet, start: number): number {
    let end = this.at;
    while (end > start && set[this.bytes[end - 1] ?? 0] === 1) end--;
    return end;
  }
}
