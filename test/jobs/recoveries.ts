/** How long it took until the next job was accepted, by what had happened. */
export class Recoveries {
  private readonly millis = new Map<string, number[]>();

  add(what: string, millis: number): void {
    this.millis.set(what, [...(this.millis.get(what) ?? []), millis]);
  }

  /** One line for each of what happened. */
  toString(): string {
    return [...this.millis]
      .map(([what, all]) => {
        const sorted = [...all].sort((a, b) => a - b);
        const [median, most] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
        return `      ${what}, ${all.length} times: a job accepted again after ${median} ms at the median, ${most} ms at most`;
      })
      .join('\n');
  }
}
