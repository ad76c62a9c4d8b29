import type { ISidecar } from '@kubernetes-models/istio/networking.istio.io/v1/Sidecar';
import type { Construct } from 'constructs';
import type { LoweredWorkload } from '../engines/lowering';
import { addIstioObject } from './istio-object';
import { hostsOf, type ReachedHost } from './reached-host';
import { SiteHosts } from './site-hosts';

/** Less than the server keeps a connection for, 75 s: it must not close one that a request is sent on. */
const idleSeconds = 60;

/** Lets an endpoint's pods see, and reach, the hosts that they have to and no other. */
export function addEndpointEgress(
  scope: Construct,
  { endpoint, site, podLabels, waysOut }: LoweredWorkload,
): void {
  const hosts = hostsOf(waysOut);
  for (const one of hosts) if ('host' in one) SiteHosts.of(site).add(one);
  const names = [...new Set(hosts.map(sidecarHost))].sort();
  const spec: NonNullable<ISidecar['spec']> = {
    workloadSelector: { labels: { ...podLabels } },
    egress: [{ hosts: names.length === 0 ? ['~/*'] : names }],
    outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
    inboundConnectionPool: { http: { idleTimeout: `${idleSeconds}s` } },
  };
  addIstioObject(scope, 'sidecar', { kind: 'Sidecar', name: endpoint.name, spec });
}

/** With the namespace before it: `.` is the pods' own. */
function sidecarHost(one: ReachedHost): string {
  return 'host' in one ? `./${one.host}` : `${one.namespace}/${one.service}`;
}
