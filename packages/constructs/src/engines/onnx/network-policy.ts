import { ports } from '@manara/contract';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { unlessAbsent } from '../../absent';
import { egressRules, nonEmpty, peersOf, tcp, type WayOut } from '../../pods/network-rules';
import type { Workload } from '../lowering';
import { bucketsOf, waysTo } from './bucket-access';
import { objectLabels, selectorLabels } from './labels';

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
      ...nonEmpty({
        ingress: ingress(workload),
        egress: [...egressRules(waysOut(workload), workload.site.dns)],
      }),
    },
  });
}

function ingress({ endpoint, site }: Workload): k8s.NetworkPolicyIngressRule[] {
  const callers = endpoint.callers.flatMap(peersOf);
  const metrics = unlessAbsent(site.metrics);
  const scrapers = metrics === undefined ? [] : [...peersOf(metrics.scrapedBy)];
  return [
    // A rule without peers would let everybody in.
    ...(callers.length === 0 ? [] : [{ from: callers, ports: [...tcp(ports.http, ports.grpc)] }]),
    ...(scrapers.length === 0 ? [] : [{ from: scrapers, ports: [...tcp(ports.metrics)] }]),
  ];
}

function waysOut(workload: Workload): readonly WayOut[] {
  const buckets = bucketsOf(workload).flatMap((bucket) => waysTo(bucket));
  const traces = unlessAbsent(workload.site.traces);
  return traces === undefined ? buckets : [...buckets, { peer: traces.peer, port: traces.port }];
}
