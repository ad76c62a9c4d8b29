import { join } from 'node:path';
import { repositoryRoot } from './folders';

const models = join(repositoryRoot, 'examples', 'models', 'repository', 'fraud');

/** Path of a small model that can be served. */
export function modelFile(version: 1 | 2): string {
  return join(models, String(version), 'model.onnx');
}

export interface OfficeOptions {
  /** Expression for the site's log sink. */
  readonly logs?: string;
  /** Props of the artifact besides bucket and key. */
  readonly artifact?: string;
  /** Expression for the bucket's address. */
  readonly bucket?: string;
  readonly endpoint?: string;
  /** Statements that follow. */
  readonly more?: string;
}

/** Source of a `main.ts` with one zone, one site and one endpoint. */
export function officeProgram({
  logs = `new LogSink({ place: 'onprem:office', uri: 'file:///var/log/pods' })`,
  artifact = `file: ${JSON.stringify(modelFile(1))}`,
  bucket = `'pvc://models'`,
  endpoint = 'fraud',
  more = '',
}: OfficeOptions = {}): string {
  return `
import { ImageRegistry, late, LogSink, ModelArtifact, ModelBucket, ModelEndpoint, ModelVersion, none,
  Peer, ResidencyZone, ServingEngine, Site } from '@manara/constructs';
import { DataClass, Jurisdiction } from '@manara/residency';
import { App, Duration } from 'cdk8s';

export const app: App = new App();
const zone = new ResidencyZone(app, 'shop', {
  jurisdiction: Jurisdiction.AE_ONSHORE,
  places: ['onprem:office'],
  onPremises: { 'onprem:office': Jurisdiction.AE_ONSHORE },
  data: [DataClass.PERSONAL],
});
const office = new Site(zone, 'office', {
  place: 'onprem:office',
  images: new ImageRegistry({ place: 'onprem:office', prefix: 'registry.office.example:5000' }),
  logs: ${logs},
  metrics: none('read on the node'),
  traces: none('one node'),
  backup: none('can be trained again'),
});
const bucket = new ModelBucket({ place: 'onprem:office', uri: ${bucket},
  peer: Peer.addresses('127.0.0.0/8') });
new ModelEndpoint(zone, '${endpoint}', {
  versions: [new ModelVersion(1, new ModelArtifact({ bucket, key: 'fraud/1/model.onnx', ${artifact} }))],
  engine: ServingEngine.onnx(),
  sites: [office],
  standby: none('one node'),
  objective: { p99Latency: Duration.millis(50), availabilityPercent: 99 },
  traffic: { peakRequestsPerSecond: 20 },
});
${more}
`;
}

/** Logs that leave the country, as a program without types writes them. */
export const foreignLogs = `new LogSink({ place: 'aws:eu-west-1', uri: 'https://logs.example' }) as never`;
