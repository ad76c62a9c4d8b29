/** A number as people read it: three digits, and all that stand before the point. */
export function shown(value: number): string {
  return String(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}
