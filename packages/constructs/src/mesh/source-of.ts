import type { Peer } from '../peer';

/** A caller as a certificate of the mesh tells it. */
export interface MeshSource {
  readonly principals?: readonly string[];
  readonly namespaces?: readonly string[];
}

/**
 * A peer in the terms of an AuthorizationPolicy; nothing for addresses, which no certificate names. Pods that
 * labels select are told apart by the NetworkPolicy, and here by their namespace.
 */
export function sourceOf({ identity }: Peer, trustDomain: string): MeshSource | undefined {
  if ('cidrs' in identity) return undefined;
  const { namespace, serviceAccount } = identity;
  if (serviceAccount === undefined) return { namespaces: [namespace] };
  return { principals: [`${trustDomain}/ns/${namespace}/sa/${serviceAccount}`] };
}
