import { formatTable } from '../table';
import type { Comparison } from './compare';
import { middle, ratioOf } from './ratios';
import type { Sample } from './sample';
import { judge, type Target, targets, type Verdict, verdictRow } from './targets';

const head = [
  '',
  'requests/s',
  'p50, ms',
  'p99, ms',
  'CPU-µs a request',
  'throughput: ours ÷ theirs',
  'CPU: ours ÷ theirs',
  'p50: ours ÷ theirs',
  'p99: ours ÷ theirs',
];

/** Of one case: medians over the rounds, and medians of the rounds' ratios. */
export function comparisonTable({ ours, pairs }: Comparison, oursName: string): string {
  const rows = [...pairs].map(([name, list]) => [
    name,
    ...figures(list.map(({ theirs }) => theirs)),
    ...(['throughput', 'cpu', 'p50', 'p99'] as const).map((it) => text(ratioOf(it, list), 3)),
  ]);
  return formatTable(head, [[oursName, ...figures(ours), '', '', '', ''], ...rows]);
}

export function figures(samples: readonly Sample[]): readonly string[] {
  return [
    text(middle('throughput', samples), 4),
    text(middle('p50', samples), 3),
    text(middle('p99', samples), 3),
    text(middle('cpu', samples), 3),
  ];
}

/** Of the targets whose case and other side were measured. */
export function verdicts(comparisons: readonly Comparison[]): readonly Verdict[] {
  return targets.flatMap((target) => {
    const measured = comparisons.find(({ caseId }) => caseId === target.caseId)?.pairs;
    return [...(measured ?? [])]
      .filter(([name]) => name === target.against || isVariant(name, target.against))
      .map(([name, pairs]) => {
        const asked = name === target.against ? target : shownOnly(target, name);
        return judge(asked, ratioOf(target.measure, pairs));
      });
  });
}

/** Whether a name is that of the same server set up otherwise: `NAME: how`. */
function isVariant(name: string, of: string): boolean {
  return name.startsWith(`${of}: `);
}

/** The issue asks nothing of other set-ups, which the reader should see all the same. */
function shownOnly({ caseId, measure, bound }: Target, against: string): Target {
  return { caseId, measure, bound, against };
}

export function verdictTable(found: readonly Verdict[]): string {
  return formatTable(['', 'against', 'required', 'goal', 'measured', ''], found.map(verdictRow));
}

/** Significant digits without an exponent; a dash where there is nothing to tell. */
function text(value: number, digits: number): string {
  if (Number.isNaN(value)) return '–';
  return value >= 10 ** digits ? value.toFixed(0) : value.toPrecision(digits);
}
