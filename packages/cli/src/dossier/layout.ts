import type { DiagramEdge, DiagramNode, DossierDiagram } from '@manara/constructs';
import { Graph, type Laid, layout, type LayoutGraph } from './dagre';
import { textWidth, wrapLine } from './text-width';

export const fonts = { node: 13, detail: 12, edge: 11 } as const;
export const lineHeight = 17;

interface Box {
  /** Middle. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedNode extends Box {
  readonly node: DiagramNode;
  readonly lines: readonly { readonly text: string; readonly isName: boolean }[];
}

export interface PlacedGroup extends Box {
  readonly label: string;
}

export interface PlacedEdge {
  readonly edge: DiagramEdge;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly label: Box & { readonly lines: readonly string[] };
}

/** A diagram with a place for everything in it. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly groups: readonly PlacedGroup[];
  readonly edges: readonly PlacedEdge[];
}

const margin = 16;
const padding = { x: 14, y: 11 } as const;
const longestLine = 26;
const headroom = 14;

/** Lays a diagram out from left to right. */
export function draw(diagram: DossierDiagram): Drawing {
  const graph = new Graph({ compound: true, multigraph: true });
  graph.setGraph({
    rankdir: 'LR',
    nodesep: 36,
    ranksep: 64,
    edgesep: 18,
    marginx: margin,
    marginy: margin + headroom,
  });
  const groups = diagram.groups.filter(({ id }) => diagram.nodes.some(({ group }) => group === id));
  for (const { id } of groups) graph.setNode(groupId(id), {});
  const sized = diagram.nodes.map(sizedNode);
  for (const { node, width, height } of sized) {
    graph.setNode(nodeId(node.id), { width, height });
    if (groups.some(({ id }) => id === node.group)) {
      graph.setParent(nodeId(node.id), groupId(node.group ?? ''));
    }
  }
  const labels = diagram.edges.map((edge) => sizedLabel(edge.label));
  diagram.edges.forEach(({ from, to }, i) => {
    const { width, height } = labels[i] ?? { width: 0, height: 0 };
    graph.setEdge(nodeId(from), nodeId(to), { width, height, labelpos: 'c' }, String(i));
  });
  layout(graph);
  return {
    nodes: sized.map((one) => ({ ...one, ...middle(graph.node(nodeId(one.node.id))) })),
    groups: groups.map(({ id, label }) => ({ label, ...groupBox(graph.node(groupId(id)), label) })),
    edges: diagram.edges.map((edge, i) => {
      const {
        x = 0,
        y = 0,
        points = [],
      } = graph.edge(nodeId(edge.from), nodeId(edge.to), String(i));
      const label = labels[i] ?? { lines: [], width: 0, height: 0 };
      return { edge, points, label: { ...label, x, y } };
    }),
    ...extent(
      graph,
      groups.map(({ id, label }) => groupBox(graph.node(groupId(id)), label)),
    ),
  };
}

type Sized = Omit<PlacedNode, 'x' | 'y'>;

function sizedNode(node: DiagramNode): Sized {
  const lines = node.lines.flatMap((text, i) =>
    wrapLine(text, longestLine).map((line) => ({ text: line, isName: i === 0 })),
  );
  const widths = lines.map(({ text, isName }) => {
    // Bold letters are wider.
    return isName ? textWidth(text, fonts.node) * 1.1 : textWidth(text, fonts.detail);
  });
  return {
    node,
    lines,
    width: Math.max(72, ...widths) + 2 * padding.x,
    height: lines.length * lineHeight + 2 * padding.y,
  };
}

function sizedLabel(text: string): { lines: readonly string[]; width: number; height: number } {
  const lines = wrapLine(text, longestLine);
  return {
    lines,
    width: Math.max(...lines.map((line) => textWidth(line, fonts.edge))) + 10,
    height: lines.length * 14 + 6,
  };
}

function middle({ x = 0, y = 0 }: Laid): { readonly x: number; readonly y: number } {
  return { x, y };
}

/** At least as wide as its name, with room for it above what is within. */
function groupBox({ x = 0, y = 0, width = 0, height = 0 }: Laid, label: string): Box {
  const wide = Math.max(width, textWidth(label, fonts.detail) * 1.1 + 24);
  return {
    x: x + (wide - width) / 2,
    y: y - headroom / 2,
    width: wide,
    height: height + headroom,
  };
}

function extent(graph: LayoutGraph, groups: readonly Box[]): { width: number; height: number } {
  const { width = 0, height = 0 } = graph.graph();
  const right = Math.max(width, ...groups.map((box) => box.x + box.width / 2 + margin));
  const bottom = Math.max(height, ...groups.map((box) => box.y + box.height / 2 + margin));
  return { width: Math.ceil(right), height: Math.ceil(bottom) };
}

function nodeId(id: string): string {
  return `node ${id}`;
}

function groupId(id: string): string {
  return `group ${id}`;
}
