import {
  MetricSink,
  type ModelEndpoint,
  type ModelEndpointProps,
  ModelVersion,
  Peer,
  ServiceMesh,
  type ServerProps,
  type Site,
  type SiteProps,
} from '../../src';
import {
  newArtifact,
  newEndpoint,
  newSite,
  newZone,
  type UaePlace,
  untyped,
} from '../support/fixtures';

const scrapedBy = Peer.namespace('monitoring');

/** Where a site's metrics are asked for. */
export const metrics = new MetricSink({
  place: 'aws:me-central-1',
  uri: 'https://prometheus.bank.example',
  scrapedBy,
});

/** A site with Prometheus, and with a mesh unless another is given. */
export function meshedSite(props: Partial<SiteProps<UaePlace>> = {}): Site<UaePlace> {
  return newSite(newZone(), 'dubai', { mesh: ServiceMesh.istio(), metrics, ...props });
}

/** A site without a mesh. */
export const noMesh = untyped({ mesh: undefined });

/** Endpoint `fraud` on a site where it can be rolled out. */
export function rolledEndpoint(
  props: Partial<ModelEndpointProps<UaePlace>> = {},
  site: Partial<SiteProps<UaePlace>> = {},
): ModelEndpoint<UaePlace> {
  return newEndpoint(meshedSite(site), { traffic: { peakRequestsPerSecond: 200 }, ...props });
}

/** What an endpoint needs for outcomes to be compared, whichever pod they are told to. */
export const outcomes: ServerProps<UaePlace> = {
  config: {
    variants: {
      models: {
        fraud: {
          variants: { current: { version: 2, weight: 1 }, former: { version: 1, weight: 0 } },
          outcome: { output: 'label', as: 'value' },
        },
      },
      feedback: { redis: { url: 'rediss://redis.bank.example' } },
    },
  },
  hosts: [
    {
      host: 'redis.bank.example',
      place: 'aws:me-central-1',
      peer: Peer.addresses('10.30.0.0/24'),
    },
  ],
};

export const twoVersions: ModelEndpointProps<UaePlace>['versions'] = [
  new ModelVersion(1, newArtifact()),
  new ModelVersion(2, newArtifact({ key: 'fraud/2/model.onnx' })),
];
