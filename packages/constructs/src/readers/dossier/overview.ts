import { type Audit, flowVerdict, type FlowVerdict } from '@manara/residency';
import type { IConstruct } from 'constructs';
import type { DossierContent, DossierSection, Fact } from '../../dossier/dossier-model';
import type { DossierPart } from '../../dossier/dossier-part';
import { list, say } from '../../dossier/text';
import { ModelEndpoint } from '../../model-endpoint';
import type { ResidencyZone } from '../../residency-zone';
import { Site } from '../../site';
import { accessDiagrams } from './access-diagram';
import { missingControls } from './controls-section';

/** What a document is made from. */
export interface Described {
  readonly all: readonly IConstruct[];
  readonly zones: readonly ResidencyZone[];
  readonly audits: readonly Audit[];
  readonly parts: Required<DossierPart>;
}

/** What it is about, in one line each. */
export function factsOf({ all, audits, zones, parts }: Described): readonly Fact[] {
  const counts = verdictCounts(audits);
  const refused = counts.refused > 0;
  const waits = counts.late + counts.open > 0;
  const missing = missingControls(parts).length;
  const held = parts.controls.length - missing;
  return [
    { name: 'Jurisdiction', value: unique(zones.map(({ jurisdiction }) => jurisdiction.title)) },
    { name: 'Places', value: unique(zones.flatMap(({ places }) => places)) },
    { name: 'Data', value: unique(zones.flatMap(({ data }) => data.map(({ title }) => title))) },
    { name: 'Sites', value: ids(all.filter((one) => Site.isSite(one))) },
    { name: 'Endpoints', value: ids(all.filter((one) => ModelEndpoint.isModelEndpoint(one))) },
    {
      name: 'Data flows',
      value: flowCounts(counts),
      tone: refused ? 'bad' : waits ? 'open' : 'good',
    },
    {
      name: 'Controls',
      value: `${held} with evidence${missing === 0 ? '' : `, ${missing} without`}; ${parts.uncontrolled.length} things not controlled`,
      tone: missing === 0 ? 'good' : 'bad',
    },
  ];
}

/** The first page: what is wrong, if anything, and who calls what. */
export function overviewSection({ audits, parts }: Described): DossierSection {
  return {
    id: 'at-a-glance',
    title: 'At a glance',
    content: [...verdictCallouts(audits), ...accessDiagrams(parts)],
  };
}

function verdictCallouts(audits: readonly Audit[]): readonly DossierContent[] {
  return audits.map((audit): DossierContent => {
    const { zone, violations } = audit;
    const counts = verdictCounts([audit]);
    if (violations.length > 0) {
      const rules = [...new Set(violations.map(({ rule }) => rule.id))];
      return {
        kind: 'callout',
        tone: 'bad',
        title: `Zone ${zone.name} is refused`,
        text: say`${counts.refused} of ${total(counts)} flows break a rule: ${list(rules)}. ${'manara synth'} writes nothing of this tree. The flows are marked under "Data flows", each with its fix`,
      };
    }
    if (counts.late + counts.open > 0) {
      return {
        kind: 'callout',
        tone: 'open',
        title: `Zone ${zone.name} is not judged to the end`,
        text: say`No rule refuses any of ${total(counts)} flows; ${counts.late} wait for an address that is known only after deployment, and of ${counts.open} a requirement is open`,
      };
    }
    return {
      kind: 'callout',
      tone: 'good',
      title: `No rule refuses a flow of zone ${zone.name}`,
      text: say`${counts.ok} flows are declared and allowed, ${counts.absent} are absent with a reason. This is what Manara's rules say, and no legal advice`,
    };
  });
}

type Counts = Readonly<Record<FlowVerdict, number>>;

function verdictCounts(audits: readonly Audit[]): Counts {
  const counts = { ok: 0, absent: 0, late: 0, open: 0, refused: 0 };
  for (const audit of audits) {
    for (const flow of audit.flows) counts[flowVerdict(audit, flow)]++;
  }
  return counts;
}

function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function flowCounts({ ok, absent, late, open, refused }: Counts): string {
  return [
    `${ok} allowed`,
    `${absent} absent`,
    ...(late === 0 ? [] : [`${late} late`]),
    ...(open === 0 ? [] : [`${open} open`]),
    ...(refused === 0 ? [] : [`${refused} refused`]),
  ].join(', ');
}

function ids(constructs: readonly IConstruct[]): string {
  return unique(constructs.map(({ node }) => node.id));
}

function unique(names: readonly string[]): string {
  return [...new Set(names)].join(', ');
}
