import type { IAuthorizationPolicy } from '@kubernetes-models/istio/security.istio.io/v1/AuthorizationPolicy';
import type { IPeerAuthentication } from '@kubernetes-models/istio/security.istio.io/v1/PeerAuthentication';
import type { ISidecar } from '@kubernetes-models/istio/networking.istio.io/v1/Sidecar';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { unlessAbsent } from '../absent';
import { ConstructError } from '../construct-error';
import { Peer } from '../peer';
import { egressRules, nonEmpty, peersOf, tcp } from '../pods/network-rules';
import type { Site } from '../site';
import { addIstioObject } from './istio-object';

/**
 * Ports of the sidecars and their control plane. Source: Istio, "Application Requirements", ports used by
 * Istio; read 2026-11.
 */
const istioPorts = { controlPlane: 15012, proxyMetrics: 15090 } as const;

/** Sees nothing, and reaches nothing: what a pod needs is said by a Sidecar of its own. */
const nothing = ['~/*'];

/**
 * What holds for every pod of a site: mutual TLS or no connection, nobody let in, no host reached, until
 * an endpoint says otherwise; and the way to the control plane, for certificates.
 *
 * @returns what holds these objects
 * @throws ConstructError MANARA_MESH for a scraper that no certificate tells apart
 */
export function addNamespaceRules(site: Site, controlPlane?: Peer): Construct {
  const scope = new Construct(site, 'mesh');
  const mutual: NonNullable<IPeerAuthentication['spec']> = { mtls: { mode: 'STRICT' } };
  addIstioObject(scope, 'mutual-tls', {
    kind: 'PeerAuthentication',
    name: 'default',
    spec: mutual,
  });
  const nobody: NonNullable<IAuthorizationPolicy['spec']> = {};
  addIstioObject(scope, 'nobody', {
    kind: 'AuthorizationPolicy',
    name: 'allow-nothing',
    spec: nobody,
  });
  const closed: NonNullable<ISidecar['spec']> = {
    egress: [{ hosts: nothing }],
    outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
  };
  addIstioObject(scope, 'nothing-reached', { kind: 'Sidecar', name: 'default', spec: closed });
  addControlPlaneAccess(scope, site, controlPlane);
  return scope;
}

function addControlPlaneAccess(
  scope: Construct,
  site: Site,
  peer = Peer.pods('istio-system', { app: 'istiod' }),
): void {
  const metrics = unlessAbsent(site.metrics);
  if (metrics !== undefined && metrics.scrapedBy.cidrs.length > 0) {
    throw new ConstructError(
      'MANARA_MESH',
      site.node.path,
      `metrics.scrapedBy: with mutual TLS a scraper is let in by its certificate; expected Peer.serviceAccount('monitoring', 'prometheus') or pods of the mesh, received addresses ${metrics.scrapedBy.cidrs.join(', ')}`,
    );
  }
  const scrapers = metrics === undefined ? [] : [...peersOf(metrics.scrapedBy)];
  new k8s.KubeNetworkPolicy(scope, 'network-policy', {
    metadata: { name: 'mesh' },
    spec: {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ...nonEmpty({
        ingress:
          scrapers.length === 0
            ? []
            : [{ from: scrapers, ports: [...tcp(istioPorts.proxyMetrics)] }],
        egress: [...egressRules([{ peer, port: istioPorts.controlPlane }], site.dns)],
      }),
    },
  });
}
