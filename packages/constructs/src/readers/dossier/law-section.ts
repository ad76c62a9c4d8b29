import {
  type Audit,
  isOnPrem,
  jurisdictionOf,
  type Place,
  placeFact,
  placeSources,
  type Rule,
  type Source,
} from '@manara/residency';
import type { DossierContent, DossierSection, DossierTable } from '../../dossier/dossier-model';
import { joined, say, type Text } from '../../dossier/text';

/** What the verdicts of a zone rest on: rules, their sources, and the facts on its places. */
export function lawSection(audit: Audit): DossierSection {
  const { zone } = audit;
  const transfers = transferTable(audit);
  return {
    id: `law-${zone.name}`,
    title: `Legal basis of zone ${zone.name}`,
    content: [
      {
        kind: 'paragraph',
        text: say`Rules that applied to a flow, what they rest on and when that was read. They are a reading of these texts by engineers, and no legal advice.`,
      },
      ruleTable(audit),
      ...openQuestions(audit),
      placeTable(audit),
      ...(transfers.rows.length === 0 ? [] : [transfers]),
    ],
  };
}

function ruleTable({ findings, zone }: Audit): DossierTable {
  const applied = [...new Set(findings.map(({ rule }) => rule))];
  const count = (rule: Rule, outcome: string): number =>
    findings.filter((one) => one.rule === rule && one.verdict.outcome === outcome).length;
  return {
    kind: 'table',
    title: `Rules that judged zone ${zone.name}`,
    head: ['Rule', 'Requirement', 'Rests on', 'Allowed', 'Refused', 'Open'],
    rows: applied.map((rule) => ({
      cells: [
        say`${rule.id}`,
        [rule.title],
        sourcesText(rule.sources),
        ...['compliant', 'violation', 'not-assessed'].map((outcome) => [
          String(count(rule, outcome)),
        ]),
      ],
      ...(count(rule, 'violation') > 0 ? { tone: 'bad' as const } : {}),
    })),
  };
}

function openQuestions({ notAssessed }: Audit): readonly DossierContent[] {
  const open = new Map(
    notAssessed.map(({ rule, verdict }) => [`${rule.id} ${verdict.because}`, { rule, verdict }]),
  );
  return [...open.values()].map(({ rule, verdict }) => ({
    kind: 'callout',
    tone: 'open',
    title: `Open: ${rule.id}`,
    text: [verdict.because],
  }));
}

function placeTable({ zone }: Audit): DossierTable {
  const rows = zone.places.map((place) => {
    const fact = placeFact(place);
    const where =
      fact === undefined ? say`a building of one's own` : say`${[fact.name]}, ${[fact.country]}`;
    return {
      cells: [
        say`${place}`,
        where,
        [jurisdictionOf(place, zone) ?? 'outside the UAE'],
        sourcesOfPlace(place),
      ],
    };
  });
  return {
    kind: 'table',
    title: `Places of zone ${zone.name}`,
    head: ['Place', 'What it is', 'Jurisdiction', 'Known from'],
    rows,
  };
}

function sourcesOfPlace(place: Place): Text {
  if (isOnPrem(place)) return ['the program itself'];
  const [cloud] = place.split(':') as [keyof typeof placeSources];
  return sourcesText(placeSources[cloud]);
}

function sourcesText(sources: readonly Source[]): Text {
  return joined(
    sources
      // What is not confirmed is never shown as a claim.
      .filter(({ standing }) => standing !== 'unverified')
      .map(({ title, where, standing, read }) => [
        `${title} (${where}; ${standing}, read ${read})`,
      ]),
    '; ',
  );
}

function transferTable({ zone }: Audit): DossierTable {
  return {
    kind: 'table',
    title: `Transfers that zone ${zone.name} states`,
    head: ['To', 'Basis', 'Evidence is kept at'],
    rows: zone.transfers.map(({ to, basis, evidence }) => ({
      cells: [say`${to}`, [basis], [evidence]],
    })),
  };
}
