import { ports } from '@manara/contract';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { Absent } from '../../absent';
import type { Peer } from '../../peer';
import type { Workload } from '../lowering';
import { objectLabels, selectorLabels } from './labels';

const httpsPort = 443;
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
      ingress: ingress(workload),
      egress: egress(workload),
    },
  });
}

function ingress({ endpoint, site }: Workload): k8s.NetworkPolicyIngressRule[] {
  const callers = endpoint.callers.flatMap(peersOf);
  const scrapers = site.metrics instanceof Absent ? [] : peersOf(site.metrics.scrapedBy);
  return [
    // A rule without peers would let everybody in.
    ...(callers.length === 0 ? [] : [{ from: callers, ports: tcp(ports.http, ports.grpc) }]),
    ...(scrapers.length === 0 ? [] : [{ from: scrapers, ports: tcp(ports.metrics) }]),
  ];
}

function egress({ endpoint, site }: Workload): k8s.NetworkPolicyEgressRule[] {
  const buckets = new Set(endpoint.versions.map((v) => v.artifact.bucketFor(site.place)));
  const bucketPeers = [...buckets].flatMap((bucket) =>
    bucket.peer === undefined ? [] : peersOf(bucket.peer),
  );
  const ways: k8s.NetworkPolicyEgressRule[] = [];
  if (bucketPeers.length > 0) ways.push({ to: bucketPeers, ports: tcp(httpsPort) });
  if (!(site.traces instanceof Absent)) {
    ways.push({ to: peersOf(site.traces.peer), ports: tcp(site.traces.port) });
  }
  if (ways.length === 0) return [];
  const dns = ['UDP', 'TCP'].map((protocol) => ({
    protocol,
    port: k8s.IntOrString.fromNumber(dnsPort),
  }));
  return [...ways, { to: peersOf(site.dns), ports: dns }];
}

function peersOf(peer: Peer): k8s.NetworkPolicyPeer[] {
  return [...peer.toNetworkPolicyPeers];
}

function tcp(...numbers: number[]): k8s.NetworkPolicyPort[] {
  return numbers.map((number) => ({ protocol: 'TCP', port: k8s.IntOrString.fromNumber(number) }));
}
