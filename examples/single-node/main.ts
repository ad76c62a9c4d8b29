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
import { fraud } from '@manara/example-models';
import { DataClass, Jurisdiction } from '@manara/residency';
import { App, Duration } from 'cdk8s';

/** A shop of twenty people: one node in the office, one model, no cloud. */
export const app = new App();
const zone = new ResidencyZone(app, 'shop', {
  jurisdiction: Jurisdiction.AE_ONSHORE,
  places: ['onprem:dubai-office'],
  onPremises: { 'onprem:dubai-office': Jurisdiction.AE_ONSHORE },
  data: [DataClass.PERSONAL],
});
const office = new Site(zone, 'office', {
  place: 'onprem:dubai-office',
  images: new ImageRegistry({
    place: 'onprem:dubai-office',
    prefix: 'registry.office.example:5000',
  }),
  logs: new LogSink({ place: 'onprem:dubai-office', uri: 'file:///var/log/pods' }),
  metrics: none('read on the node when needed'),
  traces: none('one node'),
  backup: none('weights can be trained again; nothing else is kept'),
});
const models = new ModelBucket({ place: 'onprem:dubai-office', uri: 'pvc://models' });

new ModelEndpoint(zone, 'fraud', {
  versions: [
    new ModelVersion(
      2,
      new ModelArtifact({ bucket: models, key: 'fraud/2/model.onnx', file: fraud.versionFile(2) }),
    ),
  ],
  engine: ServingEngine.onnx({ serviceTimeMicros: 50 }),
  sites: [office],
  standby: none('one node'),
  objective: { p99Latency: Duration.millis(50), availabilityPercent: 99 },
  traffic: { peakRequestsPerSecond: 20 },
  callers: [Peer.namespace('shop-web')],
});

if (require.main === module) app.synth();
