import { bitCount } from './exact-shapley';
import { Random } from './random';

/** Coalitions of features to evaluate. Neither the empty one nor the full one is among them. */
export interface CoalitionPlan {
  readonly features: number;
  /** Even: each coalition at an even place is followed by its complement. */
  readonly count: number;
  /** `wordsFor(features)` words a coalition; feature `f` is bit `f % 32` of word `f / 32`. */
  readonly masks: Uint32Array<ArrayBuffer>;
  /** How often each was drawn; 0 where it was not left to chance, as all of its size are here. */
  readonly draws: Uint32Array<ArrayBuffer>;
}

export function wordsFor(features: number): number {
  return Math.ceil(features / 32);
}

/** Number of features in one coalition of a plan. */
export function sizeOf({ features, masks }: CoalitionPlan, coalition: number): number {
  const words = wordsFor(features);
  let size = 0;
  for (let w = 0; w < words; w++) size += bitCount(masks[coalition * words + w] ?? 0);
  return size;
}

/** Whether a feature is in a coalition of a plan. */
export function holds(
  { features, masks }: CoalitionPlan,
  coalition: number,
  feature: number,
): boolean {
  const word = masks[coalition * wordsFor(features) + (feature >>> 5)] ?? 0;
  return (word & (1 << (feature & 31))) !== 0;
}

/** The features in one coalition of a plan, ascending, in the beginning of `into`. */
export function membersOf(
  { features, masks }: CoalitionPlan,
  coalition: number,
  into: Uint32Array,
): Uint32Array {
  const words = wordsFor(features);
  let count = 0;
  for (let w = 0; w < words; w++) {
    let word = masks[coalition * words + w] ?? 0;
    while (word !== 0) {
      const lowest = word & -word;
      into[count++] = 32 * w + 31 - Math.clz32(lowest);
      word ^= lowest;
    }
  }
  return into.subarray(0, count);
}

/** Share of the Shapley kernel that coalitions of a size have together, up to a common factor. */
export function kernelMass(features: number, size: number): number {
  return (features - 1) / (size * (features - size));
}

/**
 * Chooses the coalitions that KernelSHAP evaluates, in the order in which it does. Sizes at the two
 * ends weigh most and have the fewest coalitions: as many of them as the count allows are taken whole,
 * the least and the greatest size always; of the others coalitions are drawn by the Shapley kernel,
 * each with its complement. Where all fit, all are taken. The order is random, so that any beginning
 * of it is a fair choice of the whole.
 *
 * Source: Lundberg and Lee, "A Unified Approach to Interpreting Model Predictions", 2017, section 4.1;
 * sizes taken whole and paired draws as in the `shap` package 0.51, `KernelExplainer`.
 *
 * @param features - at least 2.
 * @param limit - coalitions to choose; at least twice the features, or all that there are.
 */
export function planCoalitions(features: number, limit: number, seed: number): CoalitionPlan {
  const half = Math.floor(features / 2);
  const random = new Random(seed);
  const pairs = new Pairs(features);
  let left = Math.floor(limit / 2);
  let remaining = remainingPairs(features);
  for (let size = 1; size <= half; size++) {
    const needed = pairsOfSize(features, size);
    const share = pairMass(features, size) / massFrom(features, size);
    if (size > 1 && remaining > left && left * share < needed) {
      draw(pairs, random, size, left);
      break;
    }
    enumerate(features, size, (members) => {
      pairs.add(members);
    });
    left -= needed;
    remaining -= needed;
  }
  return pairs.inOrder(random);
}

/** Number of coalitions but the empty and the full one; Infinity past what numbers can say. */
export function coalitionCount(features: number): number {
  return 2 ** features - 2;
}

function remainingPairs(features: number): number {
  return coalitionCount(features) / 2;
}

/** Coalitions of one size, each counted together with its complement. */
function pairsOfSize(features: number, size: number): number {
  let choices = 1;
  for (let i = 0; i < size; i++) choices = (choices * (features - i)) / (i + 1);
  return 2 * size === features ? choices / 2 : choices;
}

function pairMass(features: number, size: number): number {
  return kernelMass(features, size) * (2 * size === features ? 1 : 2);
}

function massFrom(features: number, least: number): number {
  let mass = 0;
  for (let size = least; 2 * size <= features; size++) mass += pairMass(features, size);
  return mass;
}

/** Every choice of `size` features; of two complements of the same size, the one with feature 0. */
function enumerate(
  features: number,
  size: number,
  visit: (members: readonly number[]) => void,
): void {
  const members = Array.from({ length: size }, (_, i) => i);
  for (;;) {
    if (2 * size === features && members[0] !== 0) return;
    visit(members);
    let place = size - 1;
    while (place >= 0 && members[place] === features - size + place) place--;
    if (place < 0) return;
    let next = (members[place] ?? 0) + 1;
    for (; place < size; place++) members[place] = next++;
  }
}

function draw(pairs: Pairs, random: Random, leastSize: number, count: number): void {
  const { features } = pairs;
  const mass = massFrom(features, leastSize);
  const order = Uint32Array.from({ length: features }, (_, i) => i);
  const found = pairs.length;
  // Draws that were drawn before only add to their weight; they must not go on for ever.
  for (let tries = 4 * count; tries > 0 && pairs.length - found < count; tries--) {
    let size = leastSize;
    for (let point = random.unit() * mass; 2 * (size + 1) <= features; size++) {
      point -= pairMass(features, size);
      if (point < 0) break;
    }
    random.shuffle(order, size);
    pairs.addDrawn(order.subarray(0, size));
  }
}

/** Coalitions as they are found, their complements left to the end. */
class Pairs {
  private readonly masks: Uint32Array[] = [];
  private readonly draws: number[] = [];
  private readonly drawn = new Map<string | number, number>();

  constructor(readonly features: number) {}

  get length(): number {
    return this.masks.length;
  }

  add(members: Iterable<number>): void {
    this.masks.push(this.maskOf(members));
    this.draws.push(0);
  }

  addDrawn(members: Iterable<number>): void {
    const mask = this.maskOf(members);
    // A coalition of half the features and its complement are the same pair.
    const one = (mask[0] ?? 0) & 1 ? mask : this.complement(mask);
    const key = one.length === 1 ? (one[0] ?? 0) : one.join();
    const known = this.drawn.get(key);
    if (known !== undefined) {
      this.draws[known] = (this.draws[known] ?? 0) + 1;
      return;
    }
    this.drawn.set(key, this.length);
    this.masks.push(mask);
    this.draws.push(1);
  }

  inOrder(random: Random): CoalitionPlan {
    const words = wordsFor(this.features);
    const order = Uint32Array.from({ length: this.length }, (_, i) => i);
    random.shuffle(order);
    const count = 2 * this.length;
    const masks = new Uint32Array(count * words);
    const draws = new Uint32Array(count);
    for (const [place, pair] of order.entries()) {
      const mask = this.masks[pair] ?? new Uint32Array(words);
      masks.set(mask, 2 * place * words);
      masks.set(this.complement(mask), (2 * place + 1) * words);
      draws.fill(this.draws[pair] ?? 0, 2 * place, 2 * place + 2);
    }
    return { features: this.features, count, masks, draws };
  }

  private maskOf(members: Iterable<number>): Uint32Array {
    const mask = new Uint32Array(wordsFor(this.features));
    for (const feature of members) {
      mask[feature >>> 5] = (mask[feature >>> 5] ?? 0) | (1 << (feature & 31));
    }
    return mask;
  }

  private complement(mask: Uint32Array): Uint32Array {
    const unused = 32 * mask.length - this.features;
    return mask.map((word, w) => (w === mask.length - 1 ? (~word << unused) >>> unused : ~word));
  }
}
