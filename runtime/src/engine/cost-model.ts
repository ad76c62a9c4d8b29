/** Weight of a new measurement against what was learned before. */
const learningRate = 0.2;

/** A batch size must be this much faster a row than the next smaller one to be worth its latency. */
const worthwhile = 0.97;

/** Full batches between tries of a neighbouring size: the best one changes with the machine's load. */
const tryEvery = 40;

/**
 * What a run costs at each batch size, learned from the runs themselves, and the size that is best.
 * Sizes are powers of two; what lies between counts for the size below.
 */
export class CostModel {
  /** Milliseconds of a run by exponent of its size; `undefined` where none was seen. */
  private readonly millis: (number | undefined)[] = [];
  private best = 0;
  private full = 0;

  /**
   * @param maxRows - greatest batch.
   * @param maxMillis - a batch is not made so large that its run takes longer.
   */
  constructor(
    readonly maxRows: number,
    readonly maxMillis: number,
  ) {}

  /** Rows that the next batch may have. */
  cap(): number {
    return Math.min(this.maxRows, 1 << this.best);
  }

  /**
   * As `cap`, or a neighbouring size to learn about: the next greater one where it was never seen,
   * and now and then either.
   */
  nextCap(queuedRows: number): number {
    const greater = 1 << (this.best + 1);
    if (queuedRows < greater) return this.cap();
    if (++this.full % tryEvery === 0 && (this.full / tryEvery) % 2 === 0) {
      return Math.max(1, this.cap() / 2);
    }
    const due = this.full % tryEvery === 0 || !this.knows(greater);
    const fits = greater <= this.maxRows && this.estimate(greater) <= this.maxMillis;
    return due && fits ? greater : this.cap();
  }

  /** Learns what a run of so many rows took. */
  learn(rows: number, millis: number): void {
    const exponent = exponentOf(rows);
    // In proportion, so that 7 rows do not look like an expensive 4.
    const scaled = (millis * (1 << exponent)) / rows;
    const before = this.millis[exponent];
    this.millis[exponent] =
      before === undefined ? scaled : before + learningRate * (scaled - before);
    this.choose();
  }

  /** Whether a size was measured. */
  knows(rows: number): boolean {
    return this.millis[exponentOf(rows)] !== undefined;
  }

  /** Milliseconds that a run of so many rows will take; 0 where nothing is known. */
  estimate(rows: number): number {
    const exponent = exponentOf(rows);
    // The nearest size that was seen; above it a row costs what it cost there.
    for (let distance = 0; distance <= this.millis.length; distance++) {
      for (const known of [exponent - distance, exponent + distance]) {
        const millis = this.millis[known];
        if (millis !== undefined) return (millis * rows) / (1 << known);
      }
    }
    return 0;
  }

  /** Milliseconds that a row costs in batches of the best size. */
  perRow(): number {
    return this.estimate(this.cap()) / this.cap();
  }

  private choose(): void {
    let best = 0;
    let bestPerRow = Infinity;
    for (const [exponent, millis] of this.millis.entries()) {
      if (millis === undefined || 1 << exponent > this.maxRows) continue;
      if (exponent > 0 && millis > this.maxMillis) continue;
      const perRow = millis / (1 << exponent);
      if (perRow >= bestPerRow * worthwhile) continue;
      best = exponent;
      bestPerRow = perRow;
    }
    this.best = best;
  }
}

/** Of the greatest power of two that is not greater. Asked several times for each request. */
function exponentOf(rows: number): number {
  return 31 - Math.clz32(rows);
}
