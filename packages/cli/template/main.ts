import { join } from 'node:path';
import {
  ImageRegistry,
  LogSink,
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

/** `manara` reads this export; so does anything else that works on the tree. */
export const app = new App();

// Where the data may be, and what it is. A sink anywhere else does not compile.
const zone = new ResidencyZone(app, '{{name}}', {
  jurisdiction: Jurisdiction.AE_ONSHORE,
  places: ['onprem:office'],
  onPremises: { 'onprem:office': Jurisdiction.AE_ONSHORE },
  data: [DataClass.PERSONAL],
});

// Where the servers run, and where everything goes that they write. Nothing may be left out: a flow
// that does not exist says so.
const office = new Site(zone, 'office', {
  place: 'onprem:office',
  images: new ImageRegistry({ place: 'onprem:office', prefix: 'registry.office.example:5000' }),
  logs: new LogSink({ place: 'onprem:office', uri: 'file:///var/log/pods' }),
  metrics: none('read on the node when needed'),
  traces: none('one node'),
  backup: none('weights can be trained again; nothing else is kept'),
});

// The weights: published on a volume of the cluster, and a file here, which `manara dev` serves.
const weights = new ModelArtifact({
  bucket: new ModelBucket({ place: 'onprem:office', uri: 'pvc://models' }),
  key: 'fraud/1/model.onnx',
  file: join(__dirname, 'models/fraud/1/model.onnx'),
});

new ModelEndpoint(zone, 'fraud', {
  versions: [new ModelVersion(1, weights)],
  engine: ServingEngine.onnx(),
  sites: [office],
  standby: none('one node'),
  objective: { p99Latency: Duration.millis(50), availabilityPercent: 99 },
  traffic: { peakRequestsPerSecond: 20 },
  callers: [Peer.namespace('web')],
});
