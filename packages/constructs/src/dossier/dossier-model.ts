import type { Text } from './text';

/** A document, before it is Markdown or HTML. Text in it is plain: whoever writes it down escapes it. */
export interface Dossier {
  readonly title: string;
  /** What it is about, in one line each. */
  readonly facts: readonly Fact[];
  readonly sections: readonly DossierSection[];
}

export interface Fact {
  readonly name: string;
  readonly value: string;
  /** @default - plain */
  readonly tone?: Tone;
}

/** What a reader should see at once: that something holds, is open, or is refused. */
export type Tone = 'good' | 'open' | 'bad';

export interface DossierSection {
  /** Anchor, unique in the document. */
  readonly id: string;
  readonly title: string;
  readonly content: readonly DossierContent[];
  readonly sections?: readonly DossierSection[];
}

export type DossierContent =
  | { readonly kind: 'paragraph'; readonly text: Text }
  | { readonly kind: 'callout'; readonly tone: Tone; readonly title: string; readonly text: Text }
  | DossierTable
  | DossierDiagram
  | { readonly kind: 'steps'; readonly steps: readonly DossierStep[] };

export interface DossierTable {
  readonly kind: 'table';
  /** What it shows, for those who cannot see it. */
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly DossierRow[];
}

export interface DossierRow {
  readonly cells: readonly Text[];
  /** @default - plain */
  readonly tone?: Tone;
}

export interface DossierStep {
  readonly text: Text;
  /** Lines for a shell. */
  readonly commands: readonly string[];
  /** Expressions in PromQL. */
  readonly queries: readonly string[];
}

export interface DossierDiagram {
  readonly kind: 'diagram';
  readonly title: string;
  readonly groups: readonly { readonly id: string; readonly label: string }[];
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
}

export interface DiagramNode {
  readonly id: string;
  /** First its name, then what is said of it. */
  readonly lines: readonly string[];
  readonly shape: 'service' | 'store' | 'caller';
  /** @default - none */
  readonly group?: string;
}

export interface DiagramEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** @default - plain */
  readonly tone?: Tone;
}
