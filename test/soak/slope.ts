/** Slope of the line that is nearest to points, by least squares. */
export function slopePerHour(points: readonly (readonly [hours: number, value: number])[]): number {
  const mean = (of: 0 | 1): number =>
    points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [meanHours, meanValue] = [mean(0), mean(1)];
  let over = 0;
  let under = 0;
  for (const [hours, value] of points) {
    over += (hours - meanHours) * (value - meanValue);
    under += (hours - meanHours) ** 2;
  }
  return over / under;
}
