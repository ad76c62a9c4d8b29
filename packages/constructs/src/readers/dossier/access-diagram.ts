import type { DiagramEdge, DiagramNode, DossierDiagram } from '../../dossier/dossier-model';
import type { BlockInterface, BuildingBlock, DossierPart } from '../../dossier/dossier-part';

/** Who uses what, a picture for each site: no namespace of one cluster is that of another. */
export function accessDiagrams({
  blocks,
  interfaces,
}: Required<DossierPart>): readonly DossierDiagram[] {
  const byId = new Map(blocks.map((block) => [block.id, block]));
  const sites = [...new Set(blocks.flatMap(({ site }) => site ?? []))];
  const used = mergedInterfaces(interfaces);
  return sites
    .map((site) => {
      const here = used.filter(({ of }) => byId.get(of)?.site === site);
      return diagramOf(`Who uses what at ${site}`, here, byId);
    })
    .filter(({ edges }) => edges.length > 0);
}

function diagramOf(
  title: string,
  interfaces: readonly BlockInterface[],
  byId: ReadonlyMap<string, BuildingBlock>,
): DossierDiagram {
  const nodes = new Map<string, DiagramNode>();
  const edges = new Map<string, DiagramEdge>();
  for (const { of, name, usedBy } of interfaces) {
    for (const user of usedBy) {
      nodes.set(of, nodeOf(of, byId));
      nodes.set(user, nodeOf(user, byId));
      const key = JSON.stringify([user, of]);
      const before = edges.get(key);
      const label = before === undefined ? name : `${before.label}, ${name}`;
      edges.set(key, { from: user, to: of, label });
    }
  }
  return {
    kind: 'diagram',
    title,
    groups: [],
    nodes: [...nodes.values()],
    edges: [...edges.values()],
  };
}

/** A block, or somebody who is none. */
function nodeOf(id: string, byId: ReadonlyMap<string, BuildingBlock>): DiagramNode {
  const block = byId.get(id);
  if (block === undefined) {
    return { id, lines: id.split(/ with |, /), shape: 'caller' };
  }
  // The title says where it is.
  return { id, lines: [block.name.replace(` at ${block.site ?? ''}`, '')], shape: 'service' };
}

/** One entry for each interface, with everybody who uses it: a gateway says so itself. */
export function mergedInterfaces(interfaces: readonly BlockInterface[]): readonly BlockInterface[] {
  const merged = new Map<string, BlockInterface>();
  for (const one of interfaces) {
    const key = JSON.stringify([one.of, one.name]);
    // Who adds users to an interface of another leaves its address to that.
    const said = [merged.get(key), one].find((entry) => entry?.address !== '') ?? one;
    const users = [...(merged.get(key)?.usedBy ?? []), ...one.usedBy];
    merged.set(key, { ...said, usedBy: [...new Set(users)] });
  }
  return [...merged.values()];
}
