import { formatViolation, type Violation } from '@manara/residency';

/** `3 residency violations on 2 data flows`: one flow may break several rules. */
export function countViolations(violations: readonly Violation[]): string {
  const flows = new Set(violations.map(({ flow }) => flow)).size;
  return `${counted(violations.length, 'residency violation')} on ${counted(flows, 'data flow')}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/**
 * Each violation with its rule, the rule's sources and the fix. Endpoints of one site share its sinks:
 * what is wrong with several flows in the same way, and put right by the same change, is told once.
 */
export function formatViolations(violations: readonly Violation[]): readonly string[] {
  const alike = new Map<string, { readonly first: Violation; readonly owners: Set<string> }>();
  for (const violation of violations) {
    const { rule, flow, verdict } = violation;
    const key = JSON.stringify([rule.id, flow.kind, verdict.because, verdict.fix]);
    const group = alike.get(key) ?? { first: violation, owners: new Set() };
    alike.set(key, group);
    group.owners.add(flow.owner);
  }
  return [...alike.values()].map(({ first, owners }) =>
    formatViolation({ ...first, flow: { ...first.flow, owner: [...owners].join(', ') } }),
  );
}
