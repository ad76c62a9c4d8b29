import { ConstructError } from '../construct-error';
import { hasLate } from '../late/late';
import { checkProps, imageName, optional, peer, shown, text } from '../props/kinds';
import { addEndpointAccess } from './endpoint-access';
import { addEastWest, eastWestKind, validateEastWest } from './east-west';
import { addEndpointDestination, addReserveDestination } from './endpoint-destination';
import { addEndpointEgress } from './endpoint-egress';
import { addEndpointRoutes } from './endpoint-routes';
import type { MeshLowering } from './mesh-lowering';
import { addNamespaceRules } from './namespace-rules';
import { addReserve, hasReserve } from './reserve';
import type { IstioOptions } from './service-mesh';
import { circuitOf } from './workload-circuit';

const defaultTrustDomain = 'cluster.local';

/** @throws ConstructError MANARA_MESH for an option that Istio would refuse */
export function istioLowering(options: IstioOptions): MeshLowering {
  validateOptions(options);
  const { revision, trustDomain = defaultTrustDomain, proxyImage, eastWest } = options;
  return {
    namespaceLabels:
      revision === undefined ? { 'istio-injection': 'enabled' } : { 'istio.io/rev': revision },
    outsideLabels: { 'sidecar.istio.io/inject': 'false' },
    prepare(site) {
      const scope = addNamespaceRules(site, options.controlPlane);
      if (eastWest !== undefined) addEastWest(scope, site, eastWest);
    },
    podMetadata: ({ images }) => ({
      // What the mesh's metrics call a version; a rollout has labels of its own for that.
      labels: { 'service.istio.io/canonical-revision': 'latest' },
      annotations: podAnnotations(
        proxyImage && images.image(proxyImage.name, proxyImage.tag, proxyImage.digest),
      ),
    }),
    eastWest: eastWest && { address: eastWest.address, trustDomain },
    route(scope, workload, reserve) {
      const circuit = circuitOf(workload, hasReserve(reserve));
      addEndpointAccess(scope, workload, trustDomain);
      addEndpointEgress(scope, workload);
      const destination = addEndpointDestination(scope, workload, circuitOf(workload, false));
      if (!hasReserve(reserve)) {
        return addEndpointRoutes(scope, workload, { circuit, destination });
      }
      const reserveHost = addReserve(scope, workload, reserve, trustDomain);
      addReserveDestination(scope, workload, circuit, reserveHost);
      return addEndpointRoutes(scope, workload, { circuit, destination, reserveHost });
    },
  };
}

function podAnnotations(proxyImage: string | undefined): Readonly<Record<string, string>> {
  return {
    // The sidecar starts before the container that fetches weights, and ends after the server.
    'sidecar.istio.io/nativeSidecar': 'true',
    // The kubelet has no certificate: the sidecar's agent asks in its place.
    'sidecar.istio.io/rewriteAppHTTPProbers': 'true',
    // What a node itself answers (the agent that hands out credentials) is no host of the mesh.
    'traffic.sidecar.istio.io/excludeOutboundIPRanges': '169.254.0.0/16',
    ...(proxyImage === undefined ? {} : { 'sidecar.istio.io/proxyImage': proxyImage }),
  };
}

function validateOptions(options: IstioOptions): void {
  const at = 'ServiceMesh.istio';
  checkProps(at, options, {
    revision: optional(text),
    trustDomain: optional(text),
    controlPlane: optional(peer),
    proxyImage: optional(imageName),
    eastWest: optional(eastWestKind),
  });
  if (options.eastWest !== undefined) validateEastWest(at, options.eastWest);
  const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
  const domain = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
  for (const [prop, grammar, example] of [
    ['revision', label, '1-27'],
    ['trustDomain', domain, 'bank.example'],
  ] as const) {
    const value = options[prop];
    if (value === undefined || hasLate(value) || grammar.test(value)) continue;
    throw new ConstructError(
      'MANARA_MESH',
      at,
      `${prop}: expected one such as "${example}"; received ${shown(value)}`,
    );
  }
}
