import type { DiagramEdge, DiagramNode, DossierDiagram } from '../../dossier/dossier-model';
import type { BlockInterface, BuildingBlock, DossierPart } from '../../dossier/dossier-part';

/** More than this and a picture of everything shows nothing. */
const mostNodes = 24;

/** Who uses what: all sites in one picture, or one a site where there is much to see. */
export function accessDiagram(parts: Required<DossierPart>): readonly DossierDiagram[] {
  const sites = [...new Set(parts.blocks.flatMap(({ site }) => site ?? []))];
  const each = sites
    .map((site) => diagramOf(`Who uses what at ${site}`, [site], parts))
    .filter(({ edges }) => edges.length > 0);
  const whole = diagramOf('Who uses what', sites, parts);
  if (whole.edges.length === 0) return [];
  return whole.nodes.length <= mostNodes ? [whole] : each;
}

function diagramOf(
  title: string,
  sites: readonly string[],
  { blocks, interfaces }: Required<DossierPart>,
): DossierDiagram {
  const byId = new Map(blocks.map((block) => [block.id, block]));
  const used = mergedInterfaces(interfaces).filter(({ of, usedBy }) => {
    const site = byId.get(of)?.site;
    return usedBy.length > 0 && site !== undefined && sites.includes(site);
  });
  const nodes = new Map<string, DiagramNode>();
  const edges = new Map<string, DiagramEdge>();
  for (const { of, name, usedBy } of used) {
    const block = byId.get(of);
    if (block === undefined) continue;
    nodes.set(of, blockNode(block));
    for (const user of usedBy) {
      const known = byId.get(user);
      // A namespace of one cluster is not that of another.
      const from = known === undefined ? `${block.site ?? ''} ${user}` : user;
      nodes.set(from, known === undefined ? callerNode(from, user, block.site) : blockNode(known));
      const key = `${from} ${of}`;
      const before = edges.get(key);
      const label = before === undefined ? name : `${before.label}, ${name}`;
      edges.set(key, { from, to: of, label });
    }
  }
  const groups = sites
    .filter((site) => [...nodes.values()].some(({ group }) => group === site))
    .map((site) => ({ id: site, label: groupLabel(site, blocks) }));
  return { kind: 'diagram', title, groups, nodes: [...nodes.values()], edges: [...edges.values()] };
}

function blockNode({ id, name, site }: BuildingBlock): DiagramNode {
  // The group says where it is.
  const label = site === undefined ? name : name.replace(` at ${site}`, '');
  return { id, lines: [label], shape: 'service', ...(site === undefined ? {} : { group: site }) };
}

function callerNode(id: string, name: string, site: string | undefined): DiagramNode {
  const lines = name.split(' with ').flatMap((part) => part.split(', '));
  return { id, lines, shape: 'caller', ...(site === undefined ? {} : { group: site }) };
}

function groupLabel(site: string, blocks: readonly BuildingBlock[]): string {
  const place = blocks.find((block) => block.site === site && block.kind === 'solution')?.place;
  return place === undefined ? site : `${site} (${place})`;
}

/** One entry for each interface, with everybody who uses it: a gateway says so itself. */
export function mergedInterfaces(interfaces: readonly BlockInterface[]): readonly BlockInterface[] {
  const merged = new Map<string, BlockInterface>();
  for (const one of interfaces) {
    const key = JSON.stringify([one.of, one.name]);
    const before = merged.get(key);
    merged.set(key, {
      ...one,
      protocol: before?.protocol || one.protocol,
      address: before?.address || one.address,
      usedBy: [...new Set([...(before?.usedBy ?? []), ...one.usedBy])],
    });
  }
  return [...merged.values()];
}
