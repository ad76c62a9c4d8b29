import type { IConstruct } from 'constructs';

/** Two copies of this package, and a reader that runs a program in its process, must see the same trees. */
const key = Symbol.for('@manara/constructs.trees');

function trees(): Set<IConstruct> {
  const holder = globalThis as { [key]?: Set<IConstruct> };
  return (holder[key] ??= new Set<IConstruct>());
}

/**
 * Remembers the tree that a construct belongs to, for readers of a program that exports none: what a
 * program of Pulumi exports are the stack's outputs.
 */
export function noteTree(construct: IConstruct): void {
  trees().add(construct.node.root);
}

/** Roots of the trees that were noted in this process. */
export function programTrees(): readonly IConstruct[] {
  return [...trees()];
}
