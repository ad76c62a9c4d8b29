import type { IConstruct } from 'constructs';

/** Two copies of this package, and the CLI that runs a program, must see the same trees. */
const key = Symbol.for('@manara/pulumi.trees');

function trees(): Set<IConstruct> {
  const holder = globalThis as { [key]?: Set<IConstruct> };
  return (holder[key] ??= new Set<IConstruct>());
}

/** Remembers the tree that a construct belongs to, for `manara audit` of a Pulumi program. */
export function noteTree(construct: IConstruct): void {
  trees().add(construct.node.root);
}

/** Roots of the trees that this process has deployed from, or placed a component of a cloud in. */
export function programTrees(): readonly IConstruct[] {
  return [...trees()];
}
