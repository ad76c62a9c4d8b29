/**
 * Numbers that only look random: the same for the same seed, on every machine and version of Node.js.
 * The generator is xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number generators",
 * 2021), its state filled from the seed by SplitMix32.
 */
export class Random {
  private readonly state: Uint32Array;

  /** @param seed - a whole number from 0 to 2^53 - 1. */
  constructor(seed: number) {
    let low = seed >>> 0;
    const high = Math.floor(seed / 2 ** 32);
    this.state = Uint32Array.from({ length: 4 }, () => {
      low = (low + 0x9e3779b9) >>> 0;
      return mix(low ^ mix(high));
    });
    // All zero is the one state that the generator never leaves.
    if (this.state.every((word) => word === 0)) this.state[0] = 1;
  }

  /** A whole number from 0 up to and without `bound`, each as likely; `bound` is at most 2^32. */
  below(bound: number): number {
    const fair = 2 ** 32 - (2 ** 32 % bound);
    let word = this.word();
    while (word >= fair) word = this.word();
    return word % bound;
  }

  /** A number from 0 up to and without 1, in steps of 2^-32. */
  unit(): number {
    return this.word() / 2 ** 32;
  }

  /** Brings elements into random order: all of them, or so that the first `count` are a random choice. */
  shuffle(items: Uint32Array, count = items.length): void {
    for (let i = 0; i < Math.min(count, items.length - 1); i++) {
      const other = i + this.below(items.length - i);
      const kept = items[i] ?? 0;
      items[i] = items[other] ?? 0;
      items[other] = kept;
    }
  }

  private word(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.state;
    const word = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const [nextC, nextD] = [c ^ a, d ^ b];
    this.state[1] = b ^ nextC;
    this.state[0] = a ^ nextD;
    this.state[2] = nextC ^ (b << 9);
    this.state[3] = rotate(nextD, 11);
    return word;
  }
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** The finalizer of MurmurHash3, as SplitMix32 uses it. */
function mix(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
