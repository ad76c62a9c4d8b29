import { ports } from '@manara/contract';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { unlessAbsent } from '../../absent';
import type { Peer } from '../../peer';
import { portOf } from '../../props/uri';
import type { Workload } from '../lowering';
import { bucketsOf } from './bucket-access';
import { objectLabels, selectorLabels } from './labels';

const dnsPort = 53;

/**
 * Opens what the endpoint needs in a namespace that denies everything: callers to the protocol's
 * ports, the scraper to the metrics port, and the way out to the weights and the trace collector.
 */
export function addNetworkPolicy(scope: Construct, workload: Workload): void {
  new k8s.KubeNetworkPolicy(scope, 'network-policy', {
    metadata: { name: workload.endpoint.name, labels: { ...objectLabels(workload) } },
    spec: {
      podSelector: { matchLabels: { ...selectorLabels(workload) } },
      policyTypes: ['Ingress', 'Egress'],
      ...nonEmpty({ ingress: ingress(workload), egress: egress(workload) }),
    },
  });
}

/**
 * Leaves empty lists out: to the API server they mean the same, but it stores none, and would count
 * each later apply of one as a change.
 */
function nonEmpty<T extends Readonly<Record<string, readonly unknown[]>>>(lists: T): Partial<T> {
  const entries = Object.entries(lists).filter(([, list]) => list.length > 0);
  return Object.fromEntries(entries) as Partial<T>;
}

function ingress({ endpoint, site }: Workload): k8s.NetworkPolicyIngressRule[] {
  const callers = endpoint.callers.flatMap(peersOf);
  const metrics = unlessAbsent(site.metrics);
  const scrapers = metrics === undefined ? [] : peersOf(metrics.scrapedBy);
  return [
    // A rule without peers would let everybody in.
    ...(callers.length === 0 ? [] : [{ from: callers, ports: tcp(ports.http, ports.grpc) }]),
    ...(scrapers.length === 0 ? [] : [{ from: scrapers, ports: tcp(ports.metrics) }]),
  ];
}

function egress(workload: Workload): k8s.NetworkPolicyEgressRule[] {
  const { site } = workload;
  const ways = bucketsOf(workload).flatMap(({ peer, uri, endpoint }) =>
    peer === undefined ? [] : [{ to: peersOf(peer), ports: tcp(portOf(endpoint ?? uri)) }],
  );
  const traces = unlessAbsent(site.traces);
  if (traces !== undefined) ways.push({ to: peersOf(traces.peer), ports: tcp(traces.port) });
  // What is not reached needs no name either.
  if (ways.length === 0) return [];
  const dns = ['UDP', 'TCP'].map((protocol) => ({
    protocol,
    port: k8s.IntOrString.fromNumber(dnsPort),
  }));
  return [...ways, { to: peersOf(site.dns), ports: dns }];
}

/** A peer in the terms of a NetworkPolicy's `from` and `to`. */
function peersOf({ identity }: Peer): k8s.NetworkPolicyPeer[] {
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

function tcp(...numbers: number[]): k8s.NetworkPolicyPort[] {
  return numbers.map((number) => ({ protocol: 'TCP', port: k8s.IntOrString.fromNumber(number) }));
}
