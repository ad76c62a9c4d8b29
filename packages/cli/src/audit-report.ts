import { type Audit, type DataFlow, formatViolation } from '@manara/residency';
import { formatTable } from './table';
import type { Colors } from './terminal';

/** A zone's audit as people read it: every flow with its verdict, then each violation with its fix. */
export function formatAudit(audit: Audit, colors: Colors): string {
  const { zone, violations } = audit;
  const rows = countTwins(audit.flows.map((flow) => row(flow, audit)));
  const cells = rows.map(({ verdict, cells: [kind, owner, from, to, what], count }) => [
    verdictColors(colors)[verdict](verdict),
    kind,
    owner,
    from,
    to,
    count === 1 ? what : `${what} ×${count}`,
  ]);
  return [
    `${colors.bold(zone.name)} ${zone.jurisdiction.id}: ${zone.places.join(', ')}; ${zone.data.map((d) => d.id).join(', ')} data`,
    '',
    ...formatTable(head, cells).map((line) => `  ${line}`),
    ...violations.flatMap((violation) => ['', colors.red(formatViolation(violation))]),
    ...openQuestions(audit).flatMap((question) => ['', colors.yellow(question)]),
    '',
    summary(audit, colors),
  ].join('\n');
}

const head = ['verdict', 'kind', 'owner', 'from', 'to', 'what'] as const;

type RowVerdict = 'ok' | 'absent' | 'open' | 'refused';

interface Row {
  readonly verdict: RowVerdict;
  readonly cells: readonly [kind: string, owner: string, from: string, to: string, what: string];
}

function row(flow: DataFlow, audit: Audit): Row {
  return { verdict: verdictOn(flow, audit), cells: [flow.kind, flow.owner, ...endsOf(flow)] };
}

function verdictOn(flow: DataFlow, { violations, notAssessed }: Audit): RowVerdict {
  if (violations.some((violation) => violation.flow === flow)) return 'refused';
  if (notAssessed.some((question) => question.flow === flow)) return 'open';
  return flow.status === 'absent' ? 'absent' : 'ok';
}

function endsOf(flow: DataFlow): readonly [from: string, to: string, what: string] {
  switch (flow.status) {
    case 'declared': {
      const { from, to, encryption } = flow;
      return [from.place, to.place, `${from.name} to ${to.name}, ${encryption}`];
    }
    case 'absent':
      return [flow.at, '-', `none: ${flow.reason}`];
    case 'undeclared':
      return [flow.at ?? '?', '?', flow.evidence];
  }
}

/** The versions of an endpoint often come the same way. */
function countTwins(rows: readonly Row[]): readonly (Row & { readonly count: number })[] {
  const counted = new Map<string, Row & { readonly count: number }>();
  for (const one of rows) {
    const key = JSON.stringify(one);
    counted.set(key, { ...one, count: (counted.get(key)?.count ?? 0) + 1 });
  }
  return [...counted.values()];
}

function verdictColors(colors: Colors): Record<RowVerdict, (text: string) => string> {
  return { ok: colors.green, absent: colors.dim, open: colors.yellow, refused: colors.red };
}

/** What no rule can judge, once for each rule however many flows it concerns. */
function openQuestions({ notAssessed }: Audit): readonly string[] {
  return [
    ...new Set(
      notAssessed.map(
        ({ rule, verdict }) =>
          `not assessed: ${verdict.because}\n  rule    ${rule.id}: ${rule.title}`,
      ),
    ),
  ];
}

function summary(audit: Audit, colors: Colors): string {
  const verdicts = audit.flows.map((flow) => verdictOn(flow, audit));
  const count = (wanted: RowVerdict) => verdicts.filter((verdict) => verdict === wanted).length;
  const open = count('open') === 0 ? '' : `, ${count('open')} not assessed`;
  const counts = `${verdicts.length} flow${verdicts.length === 1 ? '' : 's'}: ${count('ok')} ok, ${count('absent')} absent with a reason${open}, ${count('refused')} refused`;
  if (count('refused') > 0) return colors.red(counts);
  return open === '' ? colors.green(counts) : colors.yellow(counts);
}
