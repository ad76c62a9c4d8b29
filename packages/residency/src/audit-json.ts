import type { Audit } from './audit';
import type { DataClassId } from './data-class';
import { addressesOf, type DataFlow, type FlowEnd, type FlowKind } from './flow';
import type { JurisdictionId } from './jurisdiction';
import { isLate, lateNamesIn } from './late-marker';
import type { Place } from './place';
import type { Verdict } from './rule';
import { rules } from './rules';
import type { Source } from './source';
import type { Transfer } from './zone';

/** An audit as `manara audit --json` writes it. `version` goes up when a key changes its meaning. */
export interface AuditJson {
  readonly version: 2;
  readonly zone: string;
  readonly jurisdiction: JurisdictionId;
  readonly places: readonly Place[];
  readonly data: readonly DataClassId[];
  readonly transfers: readonly Transfer[];
  /** `true` where `violations` and `notAssessed` are empty, and no address is late. */
  readonly compliant: boolean;
  readonly flows: readonly FlowJson[];
  readonly violations: readonly ViolationJson[];
  /** Requirements that apply to some flow and that no rule can judge. */
  readonly notAssessed: readonly NotAssessedJson[];
  /** What the audit does not look at, whatever the zone. */
  readonly notes: readonly string[];
  /** Every rule that was applied, whether or not a flow was in its scope. */
  readonly rules: readonly RuleJson[];
}

/** A flow, and what each rule says of it. Keys that its status does not have are left out. */
export interface FlowJson {
  readonly kind: FlowKind;
  readonly owner: string;
  readonly status: DataFlow['status'];
  readonly dataClasses: readonly DataClassId[];
  /** Of a declared flow. */
  readonly from?: FlowEnd;
  readonly to?: FlowEnd;
  readonly encryption?: string;
  /** What of requests the other end is told, where that is known more closely than by classes. */
  readonly told?: readonly string[];
  /** Late values that its addresses wait for: no rule that reads an address has judged it yet. */
  readonly notJudgedYet?: readonly string[];
  /** Of an absent flow, and of an undeclared one where it is known. */
  readonly at?: Place;
  /** Of an absent flow. */
  readonly reason?: string;
  /** Of an undeclared flow. */
  readonly evidence?: string;
  readonly verdicts: readonly ({ readonly rule: string } & Verdict)[];
}

export interface ViolationJson {
  readonly rule: string;
  readonly kind: FlowKind;
  readonly owner: string;
  readonly because: string;
  readonly fix: string;
}

export interface NotAssessedJson {
  readonly rule: string;
  readonly because: string;
}

export interface RuleJson {
  readonly id: string;
  readonly title: string;
  readonly sources: readonly Source[];
}

/** Plain data, ready for `JSON.stringify`; the same audit always gives the same text. */
export function auditToJson(audit: Audit): AuditJson {
  const { zone, flows, findings, violations, notAssessed } = audit;
  return {
    version: 2,
    zone: zone.name,
    jurisdiction: zone.jurisdiction.id,
    places: zone.places,
    data: zone.data.map((dataClass) => dataClass.id),
    transfers: zone.transfers.map(({ to, basis, evidence }) => ({ to, basis, evidence })),
    compliant:
      violations.length === 0 &&
      notAssessed.length === 0 &&
      !flows.some((flow) => addressesOf(flow).some(isLate)),
    flows: flows.map((flow) => ({
      ...flowToJson(flow),
      verdicts: findings
        .filter((finding) => finding.flow === flow)
        .map(({ rule, verdict }) => ({ rule: rule.id, ...verdict })),
    })),
    violations: violations.map(({ rule, flow, verdict: { because, fix } }) => ({
      rule: rule.id,
      kind: flow.kind,
      owner: flow.owner,
      because,
      fix,
    })),
    notAssessed: openQuestions(audit),
    notes: auditNotes,
    rules: rules.map(({ id, title, sources }) => ({ id, title, sources })),
  };
}

/** What is left open, once for each rule and reason however many flows it concerns. */
function openQuestions({ notAssessed }: Audit): readonly NotAssessedJson[] {
  const open = new Map(
    notAssessed.map(({ rule, verdict: { because } }) => [
      `${rule.id} ${because}`,
      { rule: rule.id, because },
    ]),
  );
  return [...open.values()];
}

/** What the audit does not look at; it stands in every verdict. */
export const auditNotes: readonly string[] = [
  'Requests and answers between callers and endpoints are not among the flows: where callers are is not known, and each endpoint names those that its network lets in.',
];

function flowToJson(flow: DataFlow): Omit<FlowJson, 'verdicts'> {
  const { kind, owner, status } = flow;
  const head = { kind, owner, status, dataClasses: flow.dataClasses.map(({ id }) => id) };
  switch (flow.status) {
    case 'declared': {
      const { from, to, encryption, told } = flow;
      const late = [...new Set(addressesOf(flow).flatMap(lateNamesIn))];
      return {
        ...head,
        from,
        to,
        encryption,
        ...(told === undefined ? {} : { told }),
        ...(late.length === 0 ? {} : { notJudgedYet: late }),
      };
    }
    case 'absent':
      return { ...head, at: flow.at, reason: flow.reason };
    case 'undeclared':
      return {
        ...head,
        ...(flow.at === undefined ? {} : { at: flow.at }),
        evidence: flow.evidence,
      };
  }
}
