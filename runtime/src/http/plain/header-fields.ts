/** Letters of a name in lower case; what else a name may hold has that bit set, or is of no header. */
const lower = 0x20;

/** The header fields of one request, read where they stand in its head. */
export class HeaderFields {
  /** A bit for each length that a name has, modulo 32: most names asked for are absent. */
  private readonly lengths: number;

  /**
   * @param head - text that the fields stand in, each byte a character.
   * @param places - for each field four places: where its name begins and ends, where its value does.
   */
  constructor(
    private readonly head: string,
    private readonly places: readonly number[],
  ) {
    let lengths = 0;
    for (let i = 0; i < places.length; i += 4) {
      lengths |= 1 << ((places[i + 1] ?? 0) - (places[i] ?? 0));
    }
    this.lengths = lengths;
  }

  /** The value of a field; `undefined` where it is absent. @param name - in lower case. */
  get(name: string): string | undefined {
    const { places } = this;
    if ((this.lengths & (1 << name.length)) === 0) return undefined;
    for (let i = 0; i < places.length; i += 4) {
      if (this.isNamed(i, name)) return this.head.slice(places[i + 2], places[i + 3]);
    }
    return undefined;
  }

  /** Whether a name stands more than once. */
  hasTwins(): boolean {
    const { places } = this;
    for (let i = 4; i < places.length; i += 4) {
      for (let j = 0; j < i; j += 4) if (this.areTwins(i, j)) return true;
    }
    return false;
  }

  private isNamed(field: number, name: string): boolean {
    const start = this.places[field] ?? 0;
    if ((this.places[field + 1] ?? 0) - start !== name.length) return false;
    for (let i = 0; i < name.length; i++) {
      if ((this.head.charCodeAt(start + i) | lower) !== name.charCodeAt(i)) return false;
    }
    return true;
  }

  private areTwins(a: number, b: number): boolean {
    const { head, places } = this;
    const [startA = 0, startB = 0] = [places[a], places[b]];
    const length = (places[a + 1] ?? 0) - startA;
    if ((places[b + 1] ?? 0) - startB !== length) return false;
    for (let i = 0; i < length; i++) {
      if ((head.charCodeAt(startA + i) | lower) !== (head.charCodeAt(startB + i) | lower)) {
        return false;
      }
    }
    return true;
  }
}
