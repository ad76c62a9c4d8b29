import {
  type Audit,
  type DataFlow,
  type FlowEnd,
  type FlowVerdict,
  flowVerdict,
  lateNamesOf,
} from '@manara/residency';
import { formatTable } from './table';
import type { Colors } from './terminal';
import { formatViolations } from './violations';

/** A zone's audit as people read it: every flow with its verdict, then each violation with its fix. */
export function formatAudit(audit: Audit, colors: Colors): string {
  const { zone, violations } = audit;
  const rows = audit.flows.map((flow) => {
    const { verdict, cells } = row(flow, audit);
    return [verdictColors(colors)[verdict](verdict), ...cells];
  });
  return [
    `${colors.bold(zone.name)} ${zone.jurisdiction.id}: ${zone.places.join(', ')}; ${zone.data.map((d) => d.id).join(', ')} data`,
    '',
    ...formatTable(head, rows).map((line) => `  ${line}`),
    ...formatViolations(violations).flatMap((text) => ['', colors.red(text)]),
    ...openQuestions(audit).flatMap((question) => ['', colors.yellow(question)]),
    '',
    summary(audit, colors),
  ].join('\n');
}

const head = ['verdict', 'kind', 'owner', 'from', 'to', 'what'] as const;

interface Row {
  readonly verdict: FlowVerdict;
  readonly cells: readonly [kind: string, owner: string, from: string, to: string, what: string];
}

function row(flow: DataFlow, audit: Audit): Row {
  return { verdict: flowVerdict(audit, flow), cells: [flow.kind, flow.owner, ...endsOf(flow)] };
}

function endsOf(flow: DataFlow): readonly [from: string, to: string, what: string] {
  switch (flow.status) {
    case 'declared': {
      const { from, to, encryption, told } = flow;
      const late = lateNamesOf(flow);
      const pending =
        late.length === 0
          ? ''
          : `; not judged yet (late value${late.length === 1 ? '' : 's'} ${late.join(', ')})`;
      return [
        from.place,
        to.place,
        `${shown(from)} to ${shown(to)}, ${encryption}${tells(told)}${pending}`,
      ];
    }
    case 'absent':
      return [flow.at, '-', `none: ${flow.reason}`];
    case 'undeclared':
      return [flow.at ?? '?', '?', flow.evidence];
  }
}

/** Only some flows say what the other end is told; a provider of flags is told attributes, say. */
function tells(told: readonly string[] | undefined): string {
  if (told === undefined) return '';
  return told.length === 0 ? ', told nothing of requests' : `, told ${told.join(', ')}`;
}

/** An address says more than the name that Manara gives its owner. */
function shown({ name, uri }: FlowEnd): string {
  return uri ?? name;
}

function verdictColors(colors: Colors): Record<FlowVerdict, (text: string) => string> {
  return {
    ok: colors.green,
    absent: colors.dim,
    late: colors.yellow,
    open: colors.yellow,
    refused: colors.red,
  };
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
  const verdicts = audit.flows.map((flow) => flowVerdict(audit, flow));
  const count = (wanted: FlowVerdict) => verdicts.filter((verdict) => verdict === wanted).length;
  const open = count('open') === 0 ? '' : `, ${count('open')} not assessed`;
  const late =
    count('late') === 0
      ? ''
      : `, ${count('late')} not judged yet: give their late values with --values FILE`;
  const counts = `${verdicts.length} flow${verdicts.length === 1 ? '' : 's'}: ${count('ok')} ok, ${count('absent')} absent with a reason${open}, ${count('refused')} refused${late}`;
  if (count('refused') > 0) return colors.red(counts);
  return `${open}${late}` === '' ? colors.green(counts) : colors.yellow(counts);
}
