import type { PreviewCost } from '../pulumi/preview-cost';
import { PreviewRunner } from './preview/runner';
import { type Way, ways } from './preview/settings';
import { formatTable } from './table';

/** What is held against the same resources written by hand. */
const figures = {
  seconds: { title: 'preview, s', digits: 1 },
  cpuSeconds: { title: 'CPU, s', digits: 1 },
  programSeconds: { title: "program's CPU, s", digits: 2 },
  mebibytes: { title: 'memory, MiB', digits: 0 },
  programMebibytes: { title: "program's memory, MiB", digits: 0 },
} as const;
type Figure = keyof typeof figures;
type Figures = Readonly<Record<Figure, number>>;

/** Time on the clock is shown, but held to no limit: of a shared machine it says more than of a program. */
const limited = ['cpuSeconds', 'programSeconds', 'mebibytes', 'programMebibytes'] as const;

interface Row extends Figures {
  readonly count: number;
  readonly way: Way;
}

/** From this size on one round is enough: it takes minutes, and noise is small beside it. */
const onceFrom = 1000;

/** How many times as much as by hand a preview, and each endpoint more, may take. */
const limit = 1.3;

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
  const costs: (Row & Pick<PreviewCost, 'outcome'>)[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      for (const count of sizes.filter((size) => round === 0 || size < onceFrom)) {
        for (const way of ways) {
          process.stderr.write(`preview of ${count} endpoints, ${way}, round ${round + 1}\n`);
          costs.push({ ...(await runner.preview(way, count)), count, way });
        }
      }
    }
  } finally {
    await runner.stop();
  }
  refuseDifferent(costs);
  const rows = sizes.flatMap((count) => ways.map((way) => lowest(costs, count, way)));
  return {
    tables: `${comparison(rows)}\n\n${growthTable(rows)}`,
    faults: faultsOf(rows),
  };
}

/** A comparison of programs that register different numbers of resources would say nothing. */
function refuseDifferent(costs: readonly (Row & Pick<PreviewCost, 'outcome'>)[]): void {
  for (const { count, way, outcome } of costs) {
    const hand = costs.find((other) => other.count === count && other.way === 'by hand');
    const [made, expected] = [outcome, hand?.outcome].map((o) => JSON.stringify(o?.changes));
    if (made !== expected) {
      throw new Error(`${count} endpoints, ${way}: ${String(made)}; by hand ${String(expected)}`);
    }
  }
}

function lowest(costs: readonly Row[], count: number, way: Way): Row {
  const found = costs.filter((cost) => cost.count === count && cost.way === way);
  const least = (figure: Figure): number => Math.min(...found.map((c) => c[figure]));
  return {
    count,
    way,
    seconds: least('seconds'),
    cpuSeconds: least('cpuSeconds'),
    programSeconds: least('programSeconds'),
    mebibytes: least('mebibytes'),
    programMebibytes: least('programMebibytes'),
  };
}

function byHand(rows: readonly Row[], { count }: Row): Row {
  return rows.find((row) => row.count === count && row.way === 'by hand')!;
}

/** The figures of each row, with how many times those by hand they are. */
function comparison(rows: readonly Row[]): string {
  const all = Object.keys(figures) as Figure[];
  return formatTable(
    ['endpoints, written', ...all.map((figure) => figures[figure].title)],
    rows.map((row) => [
      `${row.count}, ${row.way}`,
      ...all.map((figure) =>
        withRatio(row[figure], byHand(rows, row)[figure], figures[figure].digits),
      ),
    ]),
  );
}

function withRatio(own: number, hand: number, digits: number): string {
  const text = own.toFixed(digits);
  return own === hand ? text : `${text} (${(own / hand).toFixed(2)})`;
}

/** What each endpoint adds that a stack has more than the next smaller one. */
interface Added {
  readonly way: Way;
  readonly from: number;
  readonly to: number;
  /** Of the program's process. */
  readonly cpuMillis: number;
  readonly kibibytes: number;
}

function added(rows: readonly Row[]): readonly Added[] {
  return ways.flatMap((way) => {
    const own = rows.filter((row) => row.way === way);
    return own.slice(1).map((row, i) => {
      const before = own[i]!;
      const more = row.count - before.count;
      return {
        way,
        from: before.count,
        to: row.count,
        cpuMillis: ((row.programSeconds - before.programSeconds) * 1000) / more,
        kibibytes: ((row.programMebibytes - before.programMebibytes) * 1024) / more,
      };
    });
  });
}

/** Each added cost, and that of the same endpoints by hand. */
function growth(rows: readonly Row[]): readonly (readonly [own: Added, hand: Added])[] {
  const all = added(rows);
  return all.map((own) => [own, all.find((a) => a.to === own.to && a.way === 'by hand')!]);
}

function growthTable(rows: readonly Row[]): string {
  return formatTable(
    ['endpoints, written', "program's CPU, ms an endpoint", "program's memory, KiB an endpoint"],
    growth(rows).map(([own, hand]) => [
      `${own.from} to ${own.to}, ${own.way}`,
      withRatio(own.cpuMillis, hand.cpuMillis, 1),
      withRatio(own.kibibytes, hand.kibibytes, 0),
    ]),
  );
}

function above(what: string, ratio: number): readonly string[] {
  return ratio <= limit
    ? []
    : [`${what}: ${ratio.toFixed(2)} times that by hand; at most ${limit}`];
}

/** Ratios above the limit: of whole previews, and of what more endpoints add. */
function faultsOf(rows: readonly Row[]): readonly string[] {
  return [
    ...rows.flatMap((row) =>
      limited.flatMap((figure) =>
        above(
          `${row.count} endpoints, ${row.way}, ${figure}`,
          row[figure] / byHand(rows, row)[figure],
        ),
      ),
    ),
    // What nine endpoints add is too little to be told from noise.
    ...growth(rows)
      .filter(([{ to }]) => to > 10)
      .flatMap(([own, hand]) => [
        ...above(
          `${own.from} to ${own.to} endpoints, ${own.way}, CPU`,
          own.cpuMillis / hand.cpuMillis,
        ),
        ...above(
          `${own.from} to ${own.to} endpoints, ${own.way}, memory`,
          own.kibibytes / hand.kibibytes,
        ),
      ]),
  ];
}
