import { k8s } from 'cdk8s-plus-28';
import type { Peer } from '../peer';

const dnsPort = 53;

/** A connection that pods make: to whom, at which TCP port. */
export interface WayOut {
  readonly peer: Peer;
  readonly port: number;
  /**
   * What is reached this way, each with its scheme: a mesh opens these hosts and no others. May be late.
   * @default - none: pods outside of the mesh go it
   */
  readonly addresses?: readonly string[];
}

/** What lets pods out to each peer at its port, and to the DNS that tells where it is. */
export function egressRules(
  ways: readonly WayOut[],
  dns: Peer,
): readonly k8s.NetworkPolicyEgressRule[] {
  // What is not reached needs no name either.
  if (ways.length === 0) return [];
  return [
    ...ways.map(({ peer, port }) => ({ to: [...peersOf(peer)], ports: [...tcp(port)] })),
    dnsRule(dns),
  ];
}

/** What lets pods ask the DNS. */
export function dnsRule(dns: Peer): k8s.NetworkPolicyEgressRule {
  const ports = ['UDP', 'TCP'].map((protocol) => ({
    protocol,
    port: k8s.IntOrString.fromNumber(dnsPort),
  }));
  return { to: [...peersOf(dns)], ports };
}

/** A peer in the terms of a NetworkPolicy's `from` and `to`: of a service account, its whole namespace. */
export function peersOf({ identity }: Peer): readonly k8s.NetworkPolicyPeer[] {
  if ('cidrs' in identity) return identity.cidrs.map((cidr) => ({ ipBlock: { cidr } }));
  const { namespace, labels } = identity;
  return [
    {
      // The label that Kubernetes itself sets on every namespace.
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      ...(labels === undefined ? {} : { podSelector: { matchLabels: { ...labels } } }),
    },
  ];
}

export function tcp(...numbers: readonly number[]): readonly k8s.NetworkPolicyPort[] {
  return numbers.map((number) => ({ protocol: 'TCP', port: k8s.IntOrString.fromNumber(number) }));
}

/**
 * Leaves empty lists out: to the API server they mean the same, but it stores none, and would count
 * each later apply of one as a change.
 */
export function nonEmpty<T extends Readonly<Record<string, readonly unknown[]>>>(
  lists: T,
): Partial<T> {
  const entries = Object.entries(lists).filter(([, list]) => list.length > 0);
  return Object.fromEntries(entries) as Partial<T>;
}
