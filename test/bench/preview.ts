import type { Outcome } from '../pulumi/stack';
import { type Cost, comparisonTable, faultsOf, growthTable, lowest } from './preview/costs';
import { PreviewRunner } from './preview/runner';
import { ways } from './preview/settings';

/** From this size on one round is enough: it takes minutes, and noise is small beside it. */
const onceFrom = 1000;

/** A program's cost, and what it would have made. */
type Preview = Cost & { readonly outcome: Outcome };

/**
 * `pulumi preview` of growing stacks, by the real engine. The ways take turns, and the lowest figure of
 * the rounds counts, as whatever else the machine does only adds to it.
 *
 * @returns tables; and what is above the limits, a line each. Undefined, with the reason on stderr,
 * where this machine cannot run it
 */
export async function benchPreview(
  sizes: readonly number[],
  rounds: number,
): Promise<{ readonly tables: string; readonly faults: readonly string[] } | undefined> {
  const runner = await PreviewRunner.start();
  if (runner === undefined) return undefined;
  const previews: Preview[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const turn = round % ways.length;
      for (const count of sizes.filter((size) => round === 0 || size < onceFrom)) {
        for (const way of [...ways.slice(turn), ...ways.slice(0, turn)]) {
          process.stderr.write(`preview of ${count} endpoints, ${way}, round ${round + 1}\n`);
          previews.push({ ...(await runner.preview(way, count)), count, way });
        }
      }
    }
  } finally {
    await runner.stop();
  }
  refuseDifferent(previews);
  const costs = sizes.flatMap((count) => ways.map((way) => lowest(previews, count, way)));
  return {
    tables: `${comparisonTable(costs)}\n\n${growthTable(costs)}`,
    faults: faultsOf(costs),
  };
}

/** A comparison of programs that register different numbers of resources would say nothing. */
function refuseDifferent(previews: readonly Preview[]): void {
  for (const { count, way, outcome } of previews) {
    const hand = previews.find((other) => other.count === count && other.way === 'by hand');
    const [made, expected] = [outcome, hand?.outcome].map((o) => JSON.stringify(o?.changes));
    if (made !== expected) {
      throw new Error(`${count} endpoints, ${way}: ${String(made)}; by hand ${String(expected)}`);
    }
  }
}
