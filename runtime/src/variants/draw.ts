import { createHmac } from 'node:crypto';

/** Something to draw, and its share. */
export interface Weighted {
  readonly name: string;
  readonly weight: number;
}

/**
 * Draws by weight, the same for the same unit. A change of the weights moves only as many units as it has
 * to: each name has a score of its own, and the greatest wins (weighted rendezvous hashing).
 *
 * @param salt - another one draws everybody anew.
 * @param unit - whom the draw sticks to.
 * @returns `undefined` where no weight is above 0.
 */
export function draw(options: readonly Weighted[], salt: string, unit: string): string | undefined {
  let best: string | undefined;
  let most = -Infinity;
  for (const { name, weight } of options) {
    if (weight <= 0) continue;
    // -log(u)/weight of the least is the first arrival among processes of these rates.
    const score = Math.log(fraction(salt, name, unit)) / weight;
    if (score > most) [best, most] = [name, score];
  }
  return best;
}

/** A number above 0 and below 1, evenly spread over units. */
export function fraction(salt: string, ...parts: readonly string[]): number {
  const digest = createHmac('sha256', salt).update(JSON.stringify(parts)).digest();
  return (digest.readUIntBE(0, 6) + 0.5) / 2 ** 48;
}

/** A name for a unit that says nothing of it to whoever does not know the salt. */
export function pseudonym(salt: string, unit: string): string {
  return createHmac('sha256', salt).update(`unit ${unit}`).digest('base64url').slice(0, 22);
}
