import {
  addressesOf,
  type Audit,
  type DataFlow,
  type FlowEnd,
  lateNamesIn,
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
    '',
    summary(audit, colors),
  ].join('\n');
}

const head = ['verdict', 'kind', 'owner', 'from', 'to', 'what'] as const;

type RowVerdict = 'ok' | 'absent' | 'late' | 'refused';

interface Row {
  readonly verdict: RowVerdict;
  readonly cells: readonly [kind: string, owner: string, from: string, to: string, what: string];
}

function row(flow: DataFlow, { violations }: Audit): Row {
  const refused = violations.some((violation) => violation.flow === flow);
  const verdict = refused ? 'refused' : unrefused(flow);
  return { verdict, cells: [flow.kind, flow.owner, ...endsOf(flow)] };
}

/** A late address is known only after deployment: that no rule refuses it says nothing yet. */
function unrefused(flow: DataFlow): RowVerdict {
  if (flow.status === 'absent') return 'absent';
  return lateNames(flow).length > 0 ? 'late' : 'ok';
}

function lateNames(flow: DataFlow): readonly string[] {
  return [...new Set(addressesOf(flow).flatMap(lateNamesIn))];
}

function endsOf(flow: DataFlow): readonly [from: string, to: string, what: string] {
  switch (flow.status) {
    case 'declared': {
      const { from, to, encryption } = flow;
      const late = lateNames(flow);
      const pending =
        late.length === 0
          ? ''
          : `; not judged yet (late value${late.length === 1 ? '' : 's'} ${late.join(', ')})`;
      return [from.place, to.place, `${shown(from)} to ${shown(to)}, ${encryption}${pending}`];
    }
    case 'absent':
      return [flow.at, '-', `none: ${flow.reason}`];
    case 'undeclared':
      return [flow.at, '?', flow.evidence];
  }
}

/** An address says more than the name that Manara gives its owner. */
function shown({ name, uri }: FlowEnd): string {
  return uri ?? name;
}

function verdictColors(colors: Colors): Record<RowVerdict, (text: string) => string> {
  return { ok: colors.green, absent: colors.dim, late: colors.yellow, refused: colors.red };
}

function summary(audit: Audit, colors: Colors): string {
  const verdicts = audit.flows.map((flow) => row(flow, audit).verdict);
  const count = (verdict: RowVerdict): number => verdicts.filter((v) => v === verdict).length;
  const total = `${verdicts.length} flow${verdicts.length === 1 ? '' : 's'}`;
  const counts = `${total}: ${count('ok')} ok, ${count('absent')} absent with a reason, ${count('refused')} refused`;
  if (count('late') === 0) return (count('refused') === 0 ? colors.green : colors.red)(counts);
  const pending = `${count('late')} not judged yet: give their late values with --values FILE`;
  return (count('refused') === 0 ? colors.yellow : colors.red)(`${counts}, ${pending}`);
}
