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

export interface StackOptions {
  /** Seconds that the stack promises to recover in. */
  readonly recoverySeconds?: number;
  /** Statements that follow; `zone`, `dubai`, `north` and `endpoint(id, sites, standby)` are there. */
  readonly more?: string;
}

/** Source of a `main.ts` with a stack of two active sites, and `fraud` in two versions on both. */
export function stackProgram({ recoverySeconds = 5, more = '' }: StackOptions = {}): string {
  return `
import { ImageRegistry, ModelArtifact, ModelBucket, ModelEndpoint, ModelVersion, none, ResidencyZone,
  ServingEngine, ServingStack, Site } from '@manara/constructs';
import { DataClass, Jurisdiction } from '@manara/residency';
import { App, Duration } from 'cdk8s';

export const app: App = new App();
const zone = new ResidencyZone(app, 'bank', {
  jurisdiction: Jurisdiction.AE_ONSHORE,
  places: ['aws:me-central-1', 'azure:uaenorth'],
  data: [DataClass.PERSONAL],
});
const site = (id, place) => new Site(zone, id, {
  place,
  images: new ImageRegistry({ place, prefix: 'registry.' + id + '.bank.example/serving' }),
  logs: none('a test'), metrics: none('a test'), traces: none('a test'), backup: none('a test'),
});
const dubai = site('dubai', 'aws:me-central-1');
const north = site('north', 'azure:uaenorth');
const bucket = new ModelBucket({ place: 'aws:me-central-1', uri: 'pvc://models' });
const copies = [new ModelBucket({ place: 'azure:uaenorth', uri: 'pvc://models' })];
const version = (number, file) => new ModelVersion(number,
  new ModelArtifact({ bucket, copies, key: 'fraud/' + number + '/model.onnx', file }));
const endpoint = (id, sites, standby = none('a test')) => new ModelEndpoint(zone, id, {
  versions: [version(1, ${JSON.stringify(modelFile(1))}), version(2, ${JSON.stringify(modelFile(2))})],
  engine: ServingEngine.onnx(),
  sites,
  standby,
  objective: { p99Latency: Duration.millis(50), availabilityPercent: 99 },
  traffic: { peakRequestsPerSecond: 20 },
});
endpoint('fraud', [dubai, north]);
new ServingStack(zone, 'uae', {
  sites: [dubai, north],
  standby: none('both are active'),
  recovery: { time: Duration.seconds(${recoverySeconds}), point: Duration.minutes(30) },
  failover: Duration.seconds(2),
  images: none('the pipeline publishes to both registries'),
});
${more}
`;
}

/** Logs that leave the country, as a program without types writes them. */
export const foreignLogs = `new LogSink({ place: 'aws:eu-west-1', uri: 'https://logs.example' }) as never`;
