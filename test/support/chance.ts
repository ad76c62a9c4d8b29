import { random } from './random';

/** What a fuzzer chooses by: the same for the same seed. */
export class Chance {
  private readonly next: () => number;

  constructor(seed: number) {
    this.next = random(seed);
  }

  /** A whole number from 0 to `below` - 1. */
  integer(below: number): number {
    return Math.floor(this.next() * below);
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.integer(choices.length)] ?? choices[0];
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.integer(256)));
  }

  /** A copy with a few bytes changed, taken out, put in or doubled, or cut off. */
  mutated(bytes: Buffer): Buffer {
    let copy = Buffer.from(bytes);
    for (let i = this.integer(4); i >= 0; i--) {
      const at = this.integer(copy.length + 1);
      const until = Math.min(copy.length, at + this.integer(16));
      const [before, part, after] = [
        copy.subarray(0, at),
        copy.subarray(at, until),
        copy.subarray(until),
      ];
      const parts = this.pick<readonly Uint8Array[]>([
        [before, this.bytes(part.length), after],
        [before, after],
        [before, this.bytes(this.integer(8)), part, after],
        [before, part, part, after],
        [before, Buffer.alloc(part.length, 0xff), after],
        [before],
      ]);
      copy = Buffer.concat(parts);
    }
    return copy;
  }
}
