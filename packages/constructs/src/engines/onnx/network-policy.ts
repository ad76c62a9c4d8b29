import { ports } from '@manara/contract';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { unlessAbsent } from '../../absent';
import { tracesTarget } from '../../observability/watcher';
import { egressRules, nonEmpty, peersOf, tcp, type WayOut } from '../../pods/network-rules';
import type { Workload } from '../lowering';
import { reachedFrom } from '../../server/reached';
import { portOf } from '../../props/uri';
import { bucketsOf, waysTo } from './bucket-access';
import { objectLabels, selectorLabels } from './labels';

/**
 * Opens what the endpoint needs in a namespace that denies everything: callers to the protocol's
 * ports, the scraper to the metrics port, and the way out to the weights, the trace collector and the
 * hosts that the server's configuration names.
 */
export function addNetworkPolicy(
  scope: Construct,
  workload: Workload,
  ways: readonly WayOut[],
): void {
  new k8s.KubeNetworkPolicy(scope, 'network-policy', {
    metadata: { name: workload.endpoint.name, labels: { ...objectLabels(workload) } },
    spec: {
      podSelector: { matchLabels: { ...selectorLabels(workload) } },
      policyTypes: ['Ingress', 'Egress'],
      ...nonEmpty({
        ingress: ingress(workload),
        egress: [...egressRules(ways, workload.site.dns)],
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

/** Everything that a workload's pods connect to. */
export function waysOut(workload: Workload): readonly WayOut[] {
  const buckets = bucketsOf(workload).flatMap((bucket) => waysTo(bucket));
  const traces = tracesTarget(workload.site);
  return [
    ...buckets,
    ...(traces === undefined
      ? []
      : [{ peer: traces.peer, port: traces.port, addresses: [traces.uri] }]),
    ...serverWays(workload),
  ];
}

/** Several addresses of one host at one port are one way. */
function serverWays({ endpoint, site }: Workload): readonly WayOut[] {
  const ways: (WayOut & { readonly addresses: string[] })[] = [];
  for (const { declared, address } of reachedFrom(site.place, endpoint.server)) {
    if (declared === undefined) continue;
    const { peer, port = portOf(address) } = declared;
    const way = ways.find((one) => one.peer === peer && one.port === port);
    if (way === undefined) ways.push({ peer, port, addresses: [address] });
    else way.addresses.push(address);
  }
  return ways;
}
