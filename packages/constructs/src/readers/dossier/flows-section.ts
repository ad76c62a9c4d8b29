import {
  type Audit,
  auditNotes,
  type DataFlow,
  type FlowEnd,
  flowVerdict,
  type FlowVerdict,
  lateNamesOf,
} from '@manara/residency';
import type { IConstruct } from 'constructs';
import type { DossierContent, DossierRow, DossierSection, Tone } from '../../dossier/dossier-model';
import { joined, list, say, type Text } from '../../dossier/text';
import { flowDiagrams } from './flow-diagrams';
import { lawSection } from './law-section';

/** Every movement of data, zone by zone, with its verdict and the law behind it. */
export function flowsSection(audits: readonly Audit[], all: readonly IConstruct[]): DossierSection {
  return {
    id: 'data-flows',
    title: 'Data flows',
    content: [...auditNotes.map((note): DossierContent => ({ kind: 'paragraph', text: [note] }))],
    sections: audits.flatMap((audit) => zoneSections(audit, all)),
  };
}

function zoneSections(audit: Audit, all: readonly IConstruct[]): readonly DossierSection[] {
  const { zone } = audit;
  return [
    {
      id: `flows-${zone.name}`,
      title: `Flows of zone ${zone.name}`,
      content: [...violationCallouts(audit), ...flowDiagrams(audit, all)],
      sections: ownersOf(audit).map((owner) => ownerSection(audit, owner)),
    },
    lawSection(audit),
  ];
}

/** What breaks a rule in the same way, and is put right by the same change, is told once. */
function violationCallouts({ violations }: Audit): readonly DossierContent[] {
  const alike = new Map<
    string,
    {
      readonly content: (owners: readonly string[]) => DossierContent;
      readonly owners: Set<string>;
    }
  >();
  for (const { rule, flow, verdict } of violations) {
    const key = JSON.stringify([rule.id, flow.kind, verdict.because, verdict.fix]);
    const group = alike.get(key) ?? {
      owners: new Set<string>(),
      content: (owners: readonly string[]): DossierContent => ({
        kind: 'callout',
        tone: 'bad',
        title: `Refused: ${flow.kind} flow, rule ${rule.id}`,
        text: say`${[verdict.because]}. Of ${list(owners)}. Fix: ${[verdict.fix]}`,
      }),
    };
    alike.set(key, group);
    group.owners.add(flow.owner);
  }
  return [...alike.values()].map(({ content, owners }) => content([...owners]));
}

function ownersOf({ flows }: Audit): readonly string[] {
  return [...new Set(flows.map(({ owner }) => owner))];
}

function ownerSection(audit: Audit, owner: string): DossierSection {
  const flows = audit.flows.filter((flow) => flow.owner === owner);
  return {
    id: `flows-of-${owner}`,
    title: `Flows of ${owner}`,
    content: [
      {
        kind: 'table',
        title: `Data flows of ${owner}`,
        head: ['Flow', 'From', 'To', 'Data', 'Encryption', 'Verdict'],
        rows: flows.map((flow) => rowOf(flow, audit)),
      },
    ],
  };
}

const tones: Readonly<Record<FlowVerdict, Tone | undefined>> = {
  ok: 'good',
  absent: undefined,
  late: 'open',
  open: 'open',
  refused: 'bad',
};

function rowOf(flow: DataFlow, audit: Audit): DossierRow {
  const verdict = flowVerdict(audit, flow);
  const tone = tones[verdict];
  const data = flow.dataClasses.map(({ id }) => id).join(', ') || 'none of the zone';
  return {
    cells: [
      [flow.kind],
      ...endsOf(flow),
      [data],
      [encryptionOf(flow)],
      verdictText(verdict, flow, audit),
    ],
    ...(tone === undefined ? {} : { tone }),
  };
}

function endsOf(flow: DataFlow): readonly [from: Text, to: Text] {
  switch (flow.status) {
    case 'declared':
      return [endText(flow.from), endText(flow.to)];
    case 'absent':
      return [[flow.at], say`none: ${[flow.reason]}`];
    case 'undeclared':
      return [[flow.at ?? 'in no site'], [flow.evidence]];
  }
}

/** An address says more than the name that Manara gives its owner. */
function endText({ place, name, uri, addresses = [] }: FlowEnd): Text {
  const what = uri === undefined ? say`${[name]}` : say`${uri}`;
  const ranges = addresses.length === 0 ? [] : say`, at ${list(addresses)}`;
  return say`${[place]}: ${what}${ranges}`;
}

const encryptionTexts = {
  tls: 'TLS',
  local: 'on local disks',
  unconnected: 'not connected',
  unknown: 'as the node is configured',
  none: 'none',
} as const;

function encryptionOf(flow: DataFlow): string {
  return flow.status === 'declared' ? encryptionTexts[flow.encryption] : '';
}

function verdictText(verdict: FlowVerdict, flow: DataFlow, audit: Audit): Text {
  const of = audit.findings.filter((finding) => finding.flow === flow);
  const broken = of.filter(({ verdict: { outcome } }) => outcome === 'violation');
  const open = of.filter(({ verdict: { outcome } }) => outcome === 'not-assessed');
  const held = of.filter(({ verdict: { outcome } }) => outcome === 'compliant');
  switch (verdict) {
    case 'refused':
      return say`refused by ${list(broken.map(({ rule }) => rule.id))}`;
    case 'open':
      return say`open: ${list(open.map(({ rule }) => rule.id))}`;
    case 'late':
      return say`not judged yet: waits for ${list(lateNamesOf(flow))}`;
    case 'absent':
      return ['absent'];
    case 'ok':
      return say`allowed by ${joined([[`${held.length} ${held.length === 1 ? 'rule' : 'rules'}`]])}`;
  }
}
