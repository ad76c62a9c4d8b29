import type { DataFlow } from '@manara/residency';
import type { IConstruct } from 'constructs';

/** Key of the method by which a construct of any package declares its flows. */
export const dataFlows = Symbol.for('@manara/constructs.dataFlows');

/** A construct that moves data. The residency check asks every one in a zone. */
export interface DeclaresFlows {
  [dataFlows](): readonly DataFlow[];
}

export function declaresFlows(construct: IConstruct): construct is IConstruct & DeclaresFlows {
  return dataFlows in construct;
}

/** Key of the method by which a construct of any package names the namespaces that it has besides the site's. */
export const otherNamespaces = Symbol.for('@manara/constructs.otherNamespaces');

/** A construct that answers for namespaces of its own: what may run there, and whom it may connect to. */
export interface OwnsNamespaces {
  [otherNamespaces](): readonly string[];
}

export function ownsNamespaces(construct: IConstruct): construct is IConstruct & OwnsNamespaces {
  return otherNamespaces in construct;
}
