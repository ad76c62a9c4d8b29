import {
  BackupVault,
  ImageRegistry,
  ModelArtifact,
  ModelBucket,
  ModelEndpoint,
  ModelVersion,
  none,
  Peer,
  ResidencyZone,
  ServingEngine,
  Site,
} from '@manara/constructs';
import { DataClass, Jurisdiction } from '@manara/residency';
import { App, Duration } from 'cdk8s';

export type UaePlace = 'aws:me-central-1' | 'azure:uaenorth';

export interface TreeInputs {
  readonly bucketUri?: string;
  /** @default '10.20.0.0/24' */
  readonly bucketRange?: string;
  /** @default 'aws:me-central-1' */
  readonly bucketPlace?: UaePlace;
  readonly readerRole?: string;
  readonly registry?: string;
  readonly vault?: string;
  /** @default ['fraud'] */
  readonly endpoints?: readonly string[];
}

export interface Tree {
  readonly app: App;
  readonly zone: ResidencyZone<UaePlace>;
  readonly site: Site<UaePlace>;
}

/** A zone with one site, called `dubai`, and a small endpoint for each name. */
export function tree(inputs: TreeInputs = {}): Tree {
  const app = new App();
  const zone = new ResidencyZone(app, 'bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: ['aws:me-central-1', 'azure:uaenorth'],
    data: [DataClass.FINANCIAL],
  });
  const site = addSite(zone, 'dubai', 'aws:me-central-1', inputs);
  for (const name of inputs.endpoints ?? ['fraud']) addEndpoint(zone, name, site, inputs);
  return { app, zone, site };
}

export function addSite(
  zone: ResidencyZone<UaePlace>,
  id: string,
  place: UaePlace,
  { registry, vault }: TreeInputs = {},
): Site<UaePlace> {
  return new Site(zone, id, {
    place,
    images: new ImageRegistry({ place, prefix: registry ?? 'registry.bank.example' }),
    logs: none('a test'),
    metrics: none('a test'),
    traces: none('a test'),
    backup: new BackupVault({
      place: place === 'azure:uaenorth' ? 'aws:me-central-1' : 'azure:uaenorth',
      uri: vault ?? 'https://vault.bank.example',
    }),
  });
}

export function addEndpoint(
  zone: ResidencyZone<UaePlace>,
  name: string,
  site: Site<UaePlace>,
  { bucketUri, bucketRange, bucketPlace, readerRole }: TreeInputs = {},
): void {
  const bucket = new ModelBucket({
    place: bucketPlace ?? 'aws:me-central-1',
    uri: bucketUri ?? 's3://models',
    peer: Peer.addresses(bucketRange ?? '10.20.0.0/24'),
    ...(readerRole === undefined ? {} : { readerAnnotations: { role: readerRole } }),
  });
  const artifact = new ModelArtifact({
    bucket,
    key: `${name}.onnx`,
    sha256: 'a'.repeat(64),
    sizeBytes: 1024,
  });
  new ModelEndpoint(zone, name, {
    versions: [new ModelVersion(1, artifact)],
    engine: ServingEngine.onnx(),
    sites: [site],
    standby: none('a test'),
    objective: { p99Latency: Duration.millis(50), availabilityPercent: 99.9 },
    traffic: { peakRequestsPerSecond: 100 },
  });
}
