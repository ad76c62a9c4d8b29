import { isIP } from 'node:net';
import type { IGateway } from '@kubernetes-models/istio/networking.istio.io/v1/Gateway';
import { ports } from '@manara/contract';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import { hasLate } from '../late/late';
import { Peer } from '../peer';
import { peersOf, tcp } from '../pods/network-rules';
import { optional, peer, record, text } from '../props/kinds';
import type { Site } from '../site';
import { addIstioObject } from './istio-object';

/** The gateway that a site's requests from other sites come through, end to end by mutual TLS. */
export interface EastWest {
  /** Address at which the other sites reach it, inside the zone: of an internal load balancer. May be late. */
  readonly address: string;
  /**
   * Its pods.
   * @default - pods labelled `istio: eastwestgateway` in `istio-system`
   */
  readonly gateway?: Peer;
}

/** As Istio's own east-west gateway has it. Source: Istio, "Install Multi-Primary on different networks"; read 2026-11. */
export const eastWestPort = 15443;

export const eastWestKind = record({ address: text, gateway: optional(peer) });

const gatewayOf = ({ gateway }: EastWest): Peer =>
  gateway ?? Peer.pods('istio-system', { istio: 'eastwestgateway' });

/** @throws ConstructError MANARA_MESH for a name in place of an address, and for a gateway without labels */
export function validateEastWest(at: string, eastWest: EastWest): void {
  const { address } = eastWest;
  if (!hasLate(address) && isIP(address) !== 4) {
    throw new ConstructError(
      'MANARA_MESH',
      at,
      `eastWest.address: expected an IPv4 address such as 10.1.2.3; received "${address}"`,
    );
  }
  if (labelsOf(eastWest) !== undefined) return;
  throw new ConstructError(
    'MANARA_MESH',
    at,
    "eastWest.gateway: expected pods by their labels, Peer.pods('istio-system', { istio: 'eastwestgateway' }); received others",
  );
}

/** Lets other sites' requests in: the gateway reads whom they are for, and not what they say. */
export function addEastWest(scope: Construct, site: Site, eastWest: EastWest): void {
  const spec: NonNullable<IGateway['spec']> = {
    selector: { ...labelsOf(eastWest) },
    servers: [
      {
        port: { number: eastWestPort, name: 'tls', protocol: 'TLS' },
        tls: { mode: 'AUTO_PASSTHROUGH' },
        hosts: [`*.${site.namespaceName}.svc.cluster.local`],
      },
    ],
  };
  addIstioObject(scope, 'east-west', { kind: 'Gateway', name: 'east-west', spec });
  new k8s.KubeNetworkPolicy(scope, 'east-west-policy', {
    metadata: { name: 'east-west' },
    spec: {
      podSelector: {},
      policyTypes: ['Ingress'],
      ingress: [
        { from: [...peersOf(gatewayOf(eastWest))], ports: [...tcp(ports.http, ports.grpc)] },
      ],
    },
  });
}

function labelsOf(eastWest: EastWest): Readonly<Record<string, string>> | undefined {
  const { identity } = gatewayOf(eastWest);
  return 'labels' in identity ? identity.labels : undefined;
}
