import type { DataClass, Place } from '@manara/residency';
import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Text } from './text';

/** Key of the method by which a construct of any package says what it adds to the dossier. */
export const dossierPart = Symbol.for('@manara/constructs.dossierPart');

/** A construct with something to say in the dossier: blocks, controls, steps of a runbook. */
export interface DescribesItself {
  [dossierPart](context: DossierContext): DossierPart;
}

export function describesItself(x: IConstruct): x is IConstruct & DescribesItself {
  return dossierPart in x;
}

/** How people run the program that the tree comes from. */
export interface DossierContext {
  /** A command of `manara` on this program: `npx manara synth examples/uae-bank -o dist`. */
  readonly manara: (command: string, ...args: readonly string[]) => string;
  /** A command of Pulumi on this program, where it deploys the tree itself. */
  readonly pulumi?: (...args: readonly string[]) => string;
  /** Command that checks the program's types, where it has some. */
  readonly typeCheck?: string;
  /** Folder of a policy pack that the stack's resources are judged with. */
  readonly policyPack?: string;
}

/** What a construct adds to the dossier. It says nothing that is not true of this tree. */
export interface DossierPart {
  readonly blocks?: readonly BuildingBlock[];
  readonly interfaces?: readonly BlockInterface[];
  readonly entities?: readonly DataEntity[];
  readonly controls?: readonly Control[];
  readonly uncontrolled?: readonly Uncontrolled[];
  readonly gates?: readonly Gate[];
  readonly runbooks?: readonly Runbook[];
}

/**
 * In TOGAF's terms: an architecture building block says what is needed, a solution building block what
 * provides it, and a technology component is what that stands on.
 */
export type BlockKind = 'architecture' | 'solution' | 'technology';

export interface BuildingBlock {
  readonly kind: BlockKind;
  /** What tells it apart in the tree: a construct path, or an address. Blocks of one id are one. */
  readonly id: string;
  readonly name: string;
  readonly does: Text;
  /** Ids of the architecture blocks that a solution block is an answer to. */
  readonly realizes?: readonly string[];
  /** Id of the site that it is a part of. */
  readonly site?: string;
  readonly place?: Place;
  /** The Kubernetes objects that it consists of. */
  readonly objects?: readonly ApiObject[];
}

export interface BlockInterface {
  /** Id of the block that offers it. */
  readonly of: string;
  readonly name: string;
  readonly protocol: string;
  readonly address: string;
  /** Ids of blocks, or names of others, that are let in. */
  readonly usedBy: readonly string[];
}

export interface DataEntity {
  readonly name: string;
  readonly classes: readonly DataClass[];
  /** What it is made of, or known by. */
  readonly form: Text;
  /** Where it is kept. */
  readonly kept: Text;
}

/** Where a control holds: the earlier, the less gets past it. */
export const enforcements = [
  'type',
  'synth',
  'admission',
  'network',
  'mesh',
  'gateway',
  'server',
  'cloud',
] as const;

export type Enforcement = (typeof enforcements)[number];

export interface Control {
  /** Path of the construct that it protects. */
  readonly owner: string;
  readonly what: Text;
  readonly at: Enforcement;
  /** What shows that it is there. A control whose evidence the tree does not bear out counts as missing. */
  readonly evidence: readonly Evidence[];
}

export type Evidence = ManifestEvidence | { readonly said: Text };

/** A field of an object as it will stand in YAML. */
export interface ManifestEvidence {
  readonly object: ApiObject;
  /**
   * JSON pointer; `*` stands for every item of a list.
   * @default - the object itself
   */
  readonly field?: string;
  /**
   * What the field has to be, every one of them where there are several.
   * @default - whatever it is, as long as it is there
   */
  readonly equals?: unknown;
}

/** What no control holds, so that somebody else has to. */
export interface Uncontrolled {
  readonly owner: string;
  readonly what: Text;
  /** What to do about it. */
  readonly instead: Text;
}

/** A check on the way from source to cluster. */
export interface Gate {
  readonly stage: 'code' | 'build' | 'deploy' | 'run';
  readonly name: string;
  readonly checks: Text;
  readonly command?: string;
}

/** ITIL's practices that have runbooks here. */
export const practices = ['incident', 'change', 'capacity', 'continuity'] as const;

export type Practice = (typeof practices)[number];

export interface Runbook {
  readonly practice: Practice;
  readonly title: string;
  readonly when: Text;
  readonly steps: readonly RunbookStep[];
}

export interface RunbookStep {
  readonly does: Text;
  /** Lines for a shell. */
  readonly commands?: readonly string[];
  /** Expressions for a store of metrics, in PromQL. */
  readonly queries?: readonly string[];
}

/** Parts put together, in their order. */
export function mergeParts(parts: readonly DossierPart[]): Required<DossierPart> {
  return {
    blocks: parts.flatMap(({ blocks = [] }) => blocks),
    interfaces: parts.flatMap(({ interfaces = [] }) => interfaces),
    entities: parts.flatMap(({ entities = [] }) => entities),
    controls: parts.flatMap(({ controls = [] }) => controls),
    uncontrolled: parts.flatMap(({ uncontrolled = [] }) => uncontrolled),
    gates: parts.flatMap(({ gates = [] }) => gates),
    runbooks: parts.flatMap(({ runbooks = [] }) => runbooks),
  };
}
