import * as library from '@dagrejs/dagre';

/** What a graph has once it is laid out: the middle of a box, and its size. */
export interface Laid {
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
  readonly points?: readonly { readonly x: number; readonly y: number }[];
}

/** The part of dagre's graph that is used here. */
export interface LayoutGraph {
  setGraph(label: Readonly<Record<string, string | number>>): void;
  graph(): Laid;
  setNode(id: string, label: { width?: number; height?: number }): void;
  node(id: string): Laid;
  setParent(id: string, parent: string): void;
  setEdge(
    from: string,
    to: string,
    label: { width: number; height: number; labelpos: 'c' },
    name: string,
  ): void;
  edge(from: string, to: string, name: string): Laid;
}

interface Dagre {
  readonly Graph: new (options: { compound: boolean; multigraph: boolean }) => LayoutGraph;
  readonly layout: (graph: LayoutGraph) => void;
}

/**
 * Its own declarations name their files without extensions, which the resolution of Node does not find.
 * Source: @dagrejs/dagre 3.1.3, dist/types/index.d.ts; read 2026-11.
 */
export const { Graph, layout } = library as unknown as Dagre;
