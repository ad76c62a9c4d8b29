import * as manara from '@manara/constructs';
import { DataClass, Jurisdiction } from '@manara/residency';
import { App, Duration, Yaml } from 'cdk8s';

const app = new App();
const place = 'aws:me-central-1';
const zone = new manara.ResidencyZone(app, 'clinic', {
  jurisdiction: Jurisdiction.AE_ONSHORE,
  places: [place],
  data: [DataClass.HEALTH],
});
const site = new manara.Site(zone, 'dubai', {
  place,
  images: new manara.ImageRegistry({ place, prefix: 'registry.clinic.example' }),
  logs: new manara.LogSink({ place, uri: 'https://logs.clinic.example' }),
  metrics: manara.none('read on the node'),
  traces: manara.none('one service'),
  backup: manara.none('weights can be trained again'),
});
const artifact = new manara.ModelArtifact({
  bucket: new manara.ModelBucket({ place, uri: 'pvc://models' }),
  key: 'triage/1/model.onnx',
  sha256: '0'.repeat(64),
  sizeBytes: 1_000_000,
});
new manara.ModelEndpoint(zone, 'triage', {
  versions: [new manara.ModelVersion(1, artifact)],
  engine: manara.ServingEngine.onnx(),
  sites: [site],
  standby: manara.none('one site'),
  objective: { p99Latency: Duration.millis(100), availabilityPercent: 99 },
  traffic: { peakRequestsPerSecond: 10 },
});
console.log(Yaml.stringify(...manara.manifestFiles(app).flatMap(({ documents }) => documents)));
