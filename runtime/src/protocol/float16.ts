/**
 * IEEE 754 half precision. Node.js gains `Float16Array` only in later lines than the ones served.
 */
const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/** The number that 16 bits stand for; exact. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0
    ? sign * fraction * 2 ** -24
    : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * The half nearest to a number, ties to even. Beyond ±65504 (where rounding overflows) an infinity.
 */
export function numberToHalf(value: number): number {
  single[0] = value;
  const sign = ((singleBits[0] ?? 0) >>> 16) & 0x8000;
  const magnitude = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  // Below 2^-14 halves are spaced 2^-24 apart; above, 2^-10 of their power of two.
  if (magnitude < 2 ** -14) return sign | roundToEven(magnitude * 2 ** 24);
  if (magnitude >= 65520) return sign | 0x7c00;
  const exponent = Math.min(15, powerOfTwo(magnitude));
  const steps = roundToEven(magnitude * 2 ** (10 - exponent));
  return sign | (((exponent + 15) << 10) + (steps - 1024));
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Greatest integer e with 2^e <= value. */
function powerOfTwo(value: number): number {
  const guess = Math.floor(Math.log2(value));
  return 2 ** guess > value ? guess - 1 : guess;
}
