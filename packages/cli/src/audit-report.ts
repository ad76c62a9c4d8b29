import type { Audit, DataFlow } from '@manara/residency';
import { formatTable } from './table';
import type { Colors } from './terminal';
import { formatViolations } from './violations';

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
    ...formatViolations(violations).flatMap((text) => ['', colors.red(text)]),
    '',
    summary(audit, colors),
  ].join('\n');
}

const head = ['verdict', 'kind', 'owner', 'from', 'to', 'what'] as const;

type RowVerdict = 'ok' | 'absent' | 'refused';

interface Row {
  readonly verdict: RowVerdict;
  readonly cells: readonly [kind: string, owner: string, from: string, to: string, what: string];
}

function row(flow: DataFlow, { violations }: Audit): Row {
  const refused = violations.some((violation) => violation.flow === flow);
  const held = flow.status === 'absent' ? 'absent' : 'ok';
  const ends = endsOf(flow);
  return { verdict: refused ? 'refused' : held, cells: [flow.kind, flow.owner, ...ends] };
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
      return [flow.at, '?', flow.evidence];
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
  return { ok: colors.green, absent: colors.dim, refused: colors.red };
}

function summary({ flows, violations }: Audit, colors: Colors): string {
  const absent = flows.filter((flow) => flow.status === 'absent').length;
  const refused = new Set(violations.map((violation) => violation.flow)).size;
  const counts = `${flows.length} flow${flows.length === 1 ? '' : 's'}: ${flows.length - absent - refused} ok, ${absent} absent with a reason, ${refused} refused`;
  return refused === 0 ? colors.green(counts) : colors.red(counts);
}
