import type { Execution } from '../engine/version';
import { BucketCounts, secondsBounds } from '../telemetry/bucket-counts';

/** Different shapes that are told apart; more count for none of them. */
const mostShapes = 64;

/** Rows of a run, counted one by one up to 256, above by powers of two. */
const rowBounds: readonly number[] = [
  1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256, 512, 1024,
];

/** What the runs of one version are like while it is profiled. */
export class RunRecorder {
  requests = 0;
  runs = 0;
  busyMicros = 0;
  readonly rows = new BucketCounts(rowBounds);
  readonly queueSeconds = new BucketCounts(secondsBounds);
  readonly computeSeconds = new BucketCounts(secondsBounds);
  private readonly micros = new Map<string, number>();

  record({ jobs, rows, begun, computeMicros }: Execution): void {
    this.runs += 1;
    this.requests += jobs.length;
    this.busyMicros += computeMicros;
    this.rows.observe(rows);
    this.computeSeconds.observe(computeMicros / 1e6);
    for (const { since } of jobs) this.queueSeconds.observe((begun - since) / 1000);
    const [first] = jobs;
    if (first === undefined) return;
    const shapes = first.inputs.map(({ shape }) =>
      jobs.length > 1 ? [rows, ...shape.slice(1)] : shape,
    );
    const key = JSON.stringify(shapes);
    if (this.micros.size >= mostShapes && !this.micros.has(key)) return;
    this.micros.set(key, (this.micros.get(key) ?? 0) + computeMicros);
  }

  /** Shapes of the inputs that the engine spent most time on; `undefined` where nothing ran. */
  mainShapes(): readonly (readonly number[])[] | undefined {
    let most: string | undefined;
    for (const [key, micros] of this.micros) {
      if (most === undefined || micros > (this.micros.get(most) ?? 0)) most = key;
    }
    return most === undefined ? undefined : (JSON.parse(most) as number[][]);
  }
}
