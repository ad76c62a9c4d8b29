import { formatTable } from '../table';
import { type Way, ways } from './settings';

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

/**
 * The others are shown, but held to no limit: time on the clock says more of a shared machine, and one
 * process's peak more of when its garbage was collected, than of the program.
 */
const limited = ['cpuSeconds', 'programSeconds', 'mebibytes'] as const;

/** What a preview of so many endpoints cost, written in one of the ways. */
export interface Cost extends Figures {
  readonly count: number;
  readonly way: Way;
}

/** How many times as much as by hand a preview, and each endpoint more, may take. */
const limit = 1.3;

/** The lowest figures of the rounds. */
export function lowest(costs: readonly Cost[], count: number, way: Way): Cost {
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

function byHand(rows: readonly Cost[], { count }: Cost): Cost {
  return rows.find((row) => row.count === count && row.way === 'by hand')!;
}

/** The figures of each row, with how many times those by hand they are. */
export function comparisonTable(rows: readonly Cost[]): string {
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
  /** CPU time of the program's process. */
  readonly cpuMillis: number;
  /** Memory of the whole preview. */
  readonly kibibytes: number;
}

function added(rows: readonly Cost[]): readonly Added[] {
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
        kibibytes: ((row.mebibytes - before.mebibytes) * 1024) / more,
      };
    });
  });
}

/** Each added cost, and that of the same endpoints by hand. */
function growth(rows: readonly Cost[]): readonly (readonly [own: Added, hand: Added])[] {
  const all = added(rows);
  return all.map((own) => [own, all.find((a) => a.to === own.to && a.way === 'by hand')!]);
}

export function growthTable(rows: readonly Cost[]): string {
  return formatTable(
    ['endpoints, written', "program's CPU, ms an endpoint", 'memory, KiB an endpoint'],
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
export function faultsOf(rows: readonly Cost[]): readonly string[] {
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
