import type { DataFlow } from './flow';
import type { Rule, Verdict } from './rule';
import { rules } from './rules';
import { flowCanBeJudged } from './rules/flow-can-be-judged';
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

/** A requirement on a flow that is left open. */
export interface OpenQuestion extends Finding {
  readonly verdict: Extract<Verdict, { readonly outcome: 'not-assessed' }>;
}

/** What the rules say of a zone's flows. */
export interface Audit {
  readonly zone: ResidencyZone;
  readonly flows: readonly DataFlow[];
  /** Every rule that applies to a flow, with its verdict. */
  readonly findings: readonly Finding[];
  readonly violations: readonly Violation[];
  /** Requirements that apply and that no rule here can judge. */
  readonly notAssessed: readonly OpenQuestion[];
}

/** Checks every flow against every rule. Pure: nothing is looked up or thrown. */
export function audit(zone: ResidencyZone, flows: readonly DataFlow[]): Audit {
  const findings = flows
    .flatMap((flow) => findingsOf(flow, zone))
    .filter((finding) => finding.verdict.outcome !== 'not-applicable');
  return {
    zone,
    flows,
    findings,
    violations: findings.filter(isViolation),
    notAssessed: findings.filter(isOpen),
  };
}

/** The other rules read what `flowCanBeJudged` holds; without it they could say nothing that is true. */
function findingsOf(flow: DataFlow, zone: ResidencyZone): readonly Finding[] {
  const legible = { rule: flowCanBeJudged, flow, verdict: flowCanBeJudged.check(flow, zone) };
  if (legible.verdict.outcome === 'violation') return [legible];
  return rules.map((rule) =>
    rule === flowCanBeJudged ? legible : { rule, flow, verdict: rule.check(flow, zone) },
  );
}

function isViolation(finding: Finding): finding is Violation {
  return finding.verdict.outcome === 'violation';
}

function isOpen(finding: Finding): finding is OpenQuestion {
  return finding.verdict.outcome === 'not-assessed';
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
