import { join } from 'node:path';
import { DataClass, Jurisdiction } from '@manara/residency';
import { App, Duration } from 'cdk8s';
import {
  ImageRegistry,
  ModelArtifact,
  type ModelArtifactProps,
  ModelBucket,
  ModelEndpoint,
  type ModelEndpointProps,
  ModelVersion,
  none,
  Peer,
  ResidencyZone,
  type ResidencyZoneProps,
  ServingEngine,
  Site,
  type SiteProps,
} from '../../src';
import { modelRepository } from './folders';

/** The places of the zones below. */
export type UaePlace = 'aws:me-central-1' | 'azure:uaenorth';

export function newZone(
  scope: App = new App(),
  props: Partial<ResidencyZoneProps<UaePlace>> = {},
): ResidencyZone<UaePlace> {
  return new ResidencyZone(scope, 'bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: ['aws:me-central-1', 'azure:uaenorth'],
    data: [DataClass.PERSONAL],
    ...props,
  });
}

/** A site that sends nothing anywhere. */
export function newSite(
  zone: ResidencyZone<UaePlace>,
  id = 'dubai',
  props: Partial<SiteProps<UaePlace>> = {},
): Site<UaePlace> {
  const place = props.place ?? 'aws:me-central-1';
  return new Site<UaePlace>(zone, id, {
    place,
    images: new ImageRegistry({ place, prefix: 'registry.bank.example/serving' }),
    logs: none('read on the node'),
    metrics: none('not collected'),
    traces: none('not collected'),
    backup: none('can be trained again'),
    ...props,
  });
}

export const claim = new ModelBucket({ place: 'aws:me-central-1', uri: 'pvc://model-store' });

export const bucket = new ModelBucket({
  place: 'aws:me-central-1',
  uri: 's3://bank-models',
  peer: Peer.addresses('10.20.0.0/24'),
});

export const sha256 = 'a'.repeat(64);

/** Ten megabytes of weights of which only the digest is known. */
export function newArtifact(
  props: Partial<ModelArtifactProps<UaePlace>> = {},
): ModelArtifact<UaePlace> {
  return new ModelArtifact<UaePlace>({
    bucket: claim,
    key: 'fraud/1/model.onnx',
    sha256,
    sizeBytes: 10_000_000,
    ...props,
  });
}

/** A real model of the examples. */
export function fraudFile(version: 1 | 2): string {
  return join(modelRepository, 'fraud', String(version), 'model.onnx');
}

export const objective = { p99Latency: Duration.millis(50), availabilityPercent: 99.9 };

export function endpointProps(
  site: Site<UaePlace>,
  props: Partial<ModelEndpointProps<UaePlace>> = {},
): ModelEndpointProps<UaePlace> {
  return {
    versions: [new ModelVersion(1, newArtifact())],
    engine: ServingEngine.onnx(),
    sites: [site],
    standby: none('one site'),
    objective,
    traffic: { peakRequestsPerSecond: 100 },
    ...props,
  };
}

/** Endpoint `fraud` of one version on a site. */
export function newEndpoint(
  site: Site<UaePlace>,
  props: Partial<ModelEndpointProps<UaePlace>> = {},
  id = 'fraud',
): ModelEndpoint<UaePlace> {
  return new ModelEndpoint<UaePlace>(site.zone, id, endpointProps(site, props));
}

/** What a cast or plain JavaScript can leave out or slip in: it fits every type. */
export function untyped(value: unknown): never {
  return value as never;
}
