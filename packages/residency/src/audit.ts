import type { DataFlow } from './flow';
import type { Rule, Verdict } from './rule';
import { rules } from './rules';
import type { ResidencyZone } from './zone';

/** A rule's verdict on a flow. */
export interface Finding {
  readonly rule: Rule;
  readonly flow: DataFlow;
  readonly verdict: Verdict;
}

/** A flow that a rule refuses. */
export interface Violation extends Finding {
  readonly verdict: Extract<Verdict, { readonly outcome: 'violation' }>;
}

/** What the rules say of a zone's flows. */
export interface Audit {
  readonly zone: ResidencyZone;
  readonly flows: readonly DataFlow[];
  /** Every rule that applies to a flow, with its verdict. */
  readonly findings: readonly Finding[];
  readonly violations: readonly Violation[];
}

/** Checks every flow against every rule. Pure: nothing is looked up or thrown. */
export function audit(zone: ResidencyZone, flows: readonly DataFlow[]): Audit {
  const findings = flows
    .flatMap((flow) => rules.map((rule) => ({ rule, flow, verdict: rule.check(flow, zone) })))
    .filter((finding) => finding.verdict.outcome !== 'not-applicable');
  return { zone, flows, findings, violations: findings.filter(isViolation) };
}

function isViolation(finding: Finding): finding is Violation {
  return finding.verdict.outcome === 'violation';
}

/** A violation as people read it: the flow, what was found, the rule, its source and the fix. */
export function formatViolation({ flow, rule, verdict }: Violation): string {
  return [
    `${flow.kind} flow of ${flow.owner}: ${verdict.because}`,
    `  rule    ${rule.id}: ${rule.title}`,
    ...rule.sources.map((s) => `  source  ${s.title} (${s.standing}, read ${s.read})`),
    `  fix     ${verdict.fix}`,
  ].join('\n');
}
