import type { IServiceEntry } from '@kubernetes-models/istio/networking.istio.io/v1/ServiceEntry';
import type { IWorkloadEntry } from '@kubernetes-models/istio/networking.istio.io/v1/WorkloadEntry';
import { ports } from '@manara/contract';
import { type ApiObject, JsonPatch } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { LoweredWorkload } from '../engines/lowering';
import { peersOf, tcp } from '../pods/network-rules';
import { podTemplates } from '../pods/pod-templates';
import { addCallerAccess } from './endpoint-access';
import { eastWestPort } from './east-west';
import { addIstioObject } from './istio-object';

/** Who answers for an endpoint on a site where none of its own pods can. */
export interface Reserve {
  /** Pods of another endpoint on the same site, whose server stands in for this one's model. */
  readonly fallback: LoweredWorkload | undefined;
  /** Other sites of the endpoint, each behind its east-west gateway. */
  readonly sites: readonly RemoteSite[];
}

export interface RemoteSite {
  readonly id: string;
  readonly address: string;
}

/** Whether there is anybody. */
export function hasReserve({ fallback, sites }: Reserve): boolean {
  return fallback !== undefined || sites.length > 0;
}

/**
 * A host of the mesh that stands for an endpoint's pods and for its reserve: Istio has no fallback of a
 * Service, but fails over between the endpoints of one host, in the order of their labels.
 *
 * @returns the host
 */
export function addReserve(
  scope: Construct,
  workload: LoweredWorkload,
  { fallback, sites }: Reserve,
  trustDomain: string,
): string {
  const { endpoint, site } = workload;
  const name = `${endpoint.name}-reserve`;
  const host = `${endpoint.name}.${site.namespaceName}.reserve.internal`;
  const label = `reserve.manara.dev/${endpoint.name}`;
  const spec: NonNullable<IServiceEntry['spec']> = {
    hosts: [host],
    location: 'MESH_INTERNAL',
    resolution: 'STATIC',
    workloadSelector: { labels: { [label]: 'true' } },
    ports: [
      { number: ports.http, name: 'http', protocol: 'HTTP' },
      { number: ports.grpc, name: 'grpc', protocol: 'GRPC' },
    ],
  };
  addIstioObject(scope, 'reserve', { kind: 'ServiceEntry', name, spec });
  labelPods(workload.controller, label);
  if (fallback !== undefined) addFallback(scope, workload, fallback, { label, name, trustDomain });
  for (const { id, address } of sites) {
    const entry: NonNullable<IWorkloadEntry['spec']> = {
      address,
      ports: { http: eastWestPort, grpc: eastWestPort },
      labels: { [label]: 'true', [nameLabel]: endpoint.name, [siteLabel]: id },
      serviceAccount: endpoint.name,
    };
    addIstioObject(scope, `reserve-${id}`, {
      kind: 'WorkloadEntry',
      name: `${endpoint.name}-${id}`,
      spec: entry,
    });
  }
  return host;
}

const nameLabel = 'app.kubernetes.io/name';
const siteLabel = 'manara.dev/site';

/** In this order: the endpoint's own pods here, its pods elsewhere, whoever stands in for it. */
export function prioritiesOf({ endpoint, site }: LoweredWorkload): readonly string[] {
  return [`${nameLabel}=${endpoint.name}`, `${siteLabel}=${site.node.id}`];
}

/** What callers may ask the endpoint for, they may ask those for that stand in for it. */
function addFallback(
  scope: Construct,
  { endpoint }: LoweredWorkload,
  { controller, podLabels }: LoweredWorkload,
  {
    label,
    name,
    trustDomain,
  }: { readonly label: string; readonly name: string; readonly trustDomain: string },
): void {
  labelPods(controller, label);
  addCallerAccess(scope, 'reserve-access', { endpoint, podLabels, name, trustDomain });
  if (endpoint.callers.length === 0) return;
  new k8s.KubeNetworkPolicy(scope, 'reserve-policy', {
    metadata: { name },
    spec: {
      podSelector: { matchLabels: { ...podLabels } },
      policyTypes: ['Ingress'],
      ingress: [
        { from: endpoint.callers.flatMap(peersOf), ports: [...tcp(ports.http, ports.grpc)] },
      ],
    },
  });
}

function labelPods(controller: ApiObject, label: string): void {
  const key = label.replace('/', '~1');
  for (const { metadata } of podTemplates(controller)) {
    controller.addJsonPatch(JsonPatch.add(`${metadata}/labels/${key}`, 'true'));
  }
}
