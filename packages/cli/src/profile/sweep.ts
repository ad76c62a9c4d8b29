import type { ProfilePoint } from '@manara/contract';
import { CliError } from '../cli-error';
import { sampleRequests } from '../drill/sample-requests';
import { drive } from './drive';
import type { ProfiledServer } from './profiled-server';

export interface SweepPlan {
  readonly batches: readonly number[];
  readonly concurrencies: readonly number[];
  /** Of the whole sweep. */
  readonly seconds: number;
  /** Size of each dimension that varies besides the first. */
  readonly openSize: number;
}

/** Share of a point's time that goes before what counts. */
const warmUpShare = 0.2;

/**
 * Before the first point, whose time of one row alone is what the planner reads: the first requests of all
 * are those that server and caller compile their code for, and took two to three times as long.
 */
const firstWarmUp = { share: 0.2, mostMillis: 3000 } as const;

/**
 * Measures each number of rows with each number of requests under way, one point after the other.
 *
 * @param onPoint - told as each is measured
 * @throws CliError where a request is not answered, or none can be made up
 */
export async function sweep(
  server: ProfiledServer,
  { batches, concurrencies, seconds, openSize }: SweepPlan,
  onPoint: (point: ProfilePoint) => void,
): Promise<readonly ProfilePoint[]> {
  const sizes = batches.filter((batch) => batch <= server.maxRows);
  const first = Math.min(firstWarmUp.mostMillis, seconds * 1000 * firstWarmUp.share);
  const millis = (seconds * 1000 - first) / (sizes.length * concurrencies.length);
  await drive({
    server,
    body: requestOf(server, 1, openSize),
    concurrency: Math.max(...concurrencies),
    millis: first,
  });
  const points: ProfilePoint[] = [];
  for (const batch of sizes) {
    const body = requestOf(server, batch, openSize);
    for (const concurrency of concurrencies) {
      const load = { server, body, concurrency };
      await drive({ ...load, millis: millis * warmUpShare });
      const before = await server.counted();
      const begun = performance.now();
      const times = await drive({ ...load, millis: millis * (1 - warmUpShare) });
      const elapsed = performance.now() - begun;
      const after = await server.counted();
      const runs = after.runs - before.runs;
      const sorted = times.toSorted((a, b) => a - b);
      const point = {
        batch,
        concurrency,
        requests: times.length,
        rowsPerSecond: (times.length * batch * 1000) / elapsed,
        p50Millis: quantile(sorted, 0.5),
        p99Millis: quantile(sorted, 0.99),
        queueMillis: (after.queueMillis - before.queueMillis) / (after.requests - before.requests),
        runMillis: (after.runMillis - before.runMillis) / runs,
        rowsPerRun: Math.max(batch, (after.rows - before.rows) / runs),
      };
      points.push(point);
      onPoint(point);
    }
  }
  return points;
}

function requestOf({ model, inputs }: ProfiledServer, rows: number, openSize: number): string {
  const sized = inputs.map((input) => ({
    ...input,
    shape: input.shape.map((size, i) => (size >= 0 ? size : i === 0 ? rows : openSize)),
  }));
  const [body] = sampleRequests(model, sized, 1) ?? [];
  if (body !== undefined) return body;
  throw new CliError(`${rows} rows of ${model} are too large to be made up; give fewer --batches`);
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
