import {
  type Audit,
  type DeclaredFlow,
  type FlowEnd,
  type FlowKind,
  flowVerdict,
  hostOf,
  type Place,
} from '@manara/residency';
import type { IConstruct } from 'constructs';
import type { DiagramEdge, DiagramNode, DossierDiagram, Tone } from '../../dossier/dossier-model';
import { siteEnd } from '../../flows/endpoint-flows';
import { ResidencyZone } from '../../residency-zone';
import { Site } from '../../site';

/** What crosses from one place to another, and then what moves at each site. */
export function flowDiagrams(audit: Audit, all: readonly IConstruct[]): readonly DossierDiagram[] {
  const sites = all
    .filter((one) => Site.isSite(one))
    .filter(({ zone }) => ResidencyZone.isResidencyZone(audit.zone) && zone === audit.zone);
  const moves = audit.flows.flatMap((flow) => moveOf(flow, audit, sites));
  const crossing = moves.filter(({ flow }) => flow.from.place !== flow.to.place);
  return [
    diagram(`What crosses between places of ${audit.zone.name}`, crossing),
    ...sites.map((site) =>
      diagram(
        `What moves at ${site.node.id}`,
        moves.filter(({ from, to }) => [from, to].some((end) => end.id === site.node.path)),
        site.place,
      ),
    ),
  ].filter(({ edges }) => edges.length > 0);
}

interface Move {
  readonly flow: DeclaredFlow;
  readonly from: DiagramNode;
  readonly to: DiagramNode;
  readonly tone: Tone | undefined;
}

function moveOf(
  flow: Audit['flows'][number],
  audit: Audit,
  sites: readonly Site[],
): readonly Move[] {
  if (flow.status !== 'declared') return [];
  const verdict = flowVerdict(audit, flow);
  const tone = verdict === 'refused' ? 'bad' : verdict === 'ok' ? undefined : 'open';
  const [from, to] = [flow.from, flow.to].map((end) => nodeOf(end, flow, sites));
  // What rests where it is moves nowhere.
  if (from === undefined || to === undefined || from.id === to.id) return [];
  return [{ flow, from, to, tone }];
}

const storeTitles: Readonly<Partial<Record<FlowKind, string>>> = {
  artifact: 'Model store',
  image: 'Image registry',
  log: 'Log store',
  metric: 'Metrics store',
  trace: 'Trace collector',
  backup: 'Backup vault',
  flag: 'Flag provider',
  key: 'Published keys',
  event: 'Event receiver',
  state: 'Shared state',
};

function nodeOf(end: FlowEnd, flow: DeclaredFlow, sites: readonly Site[]): DiagramNode {
  const group = end.place;
  const site = sites.find((one) => isSiteEnd(end, one) || isWithin(end, flow, one));
  if (site !== undefined) {
    return { id: site.node.path, lines: [site.node.id], shape: 'service', group };
  }
  if (end.uri === undefined) {
    return { id: `${end.place} ${end.name}`, lines: [end.name], shape: 'service', group };
  }
  const host = hostOf(end.uri) ?? end.uri.replace(/^[a-z0-9+.-]+:\/\//, '').replace(/\/.*/, '');
  const title = storeTitles[flow.kind] ?? flow.kind;
  return { id: `${end.place} ${title} ${host}`, lines: [title, host], shape: 'store', group };
}

function isSiteEnd(end: FlowEnd, site: Site): boolean {
  return (['primary', 'standby'] as const).some((role) => {
    const { name, place } = siteEnd(site, role);
    return end.name === name && end.place === place;
  });
}

/** What lies in a site, such as its gateway, is drawn as the site. */
function isWithin({ uri, place }: FlowEnd, { owner }: DeclaredFlow, site: Site): boolean {
  return uri === undefined && place === site.place && owner.startsWith(`${site.node.path}/`);
}

/** @param here place that is drawn as a box; what is elsewhere says where */
function diagram(title: string, moves: readonly Move[], here?: Place): DossierDiagram {
  const ends = moves.flatMap(({ from, to }) => [from, to]);
  const nodes = new Map(ends.map((node) => [node.id, placed(node, here)]));
  const edges = new Map<string, DiagramEdge>();
  const kindsOf = new Map<string, Set<string>>();
  for (const { flow, from, to, tone } of moves) {
    const key = JSON.stringify([from.id, to.id]);
    const before = edges.get(key);
    const kinds = (kindsOf.get(key) ?? new Set()).add(flow.kind);
    kindsOf.set(key, kinds);
    const worst = [before?.tone, tone].find((one) => one === 'bad') ?? before?.tone ?? tone;
    edges.set(key, {
      from: from.id,
      to: to.id,
      label: [...kinds].join(', ') + (worst === 'bad' ? ' (refused)' : ''),
      ...(worst === undefined ? {} : { tone: worst }),
    });
  }
  return {
    kind: 'diagram',
    title,
    groups: here === undefined ? [] : [{ id: here, label: here }],
    nodes: [...nodes.values()],
    edges: [...edges.values()],
  };
}

function placed({ group, ...node }: DiagramNode, here: Place | undefined): DiagramNode {
  if (group === here && group !== undefined) return { ...node, group };
  return { ...node, lines: group === undefined ? node.lines : [...node.lines, group] };
}
