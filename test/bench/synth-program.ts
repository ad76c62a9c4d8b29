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

/** A tree of as many endpoints as wanted, on one site. */
export function endpoints(count: number): App {
  const app = new App();
  const place = 'aws:me-central-1';
  const zone = new ResidencyZone(app, 'bench', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: [place],
    data: [DataClass.PERSONAL],
  });
  const site = new Site(zone, 'dubai', {
    place,
    images: new ImageRegistry({ place, prefix: 'registry.bench.example' }),
    logs: new LogSink({ place, uri: 'https://logs.bench.example' }),
    metrics: none('a benchmark'),
    traces: none('a benchmark'),
    backup: none('a benchmark'),
  });
  const bucket = new ModelBucket({
    place,
    uri: 's3://bench-models',
    peer: Peer.addresses('10.20.0.0/24'),
  });
  for (let i = 0; i < count; i++) {
    const version = (number: 1 | 2) =>
      new ModelVersion(
        number,
        new ModelArtifact({
          bucket,
          key: `model-${i}/${number}/model.onnx`,
          file: fraud.versionFile(number),
        }),
      );
    new ModelEndpoint(zone, `model-${i}`, {
      versions: [version(1), version(2)],
      engine: ServingEngine.onnx(),
      sites: [site],
      standby: none('a benchmark'),
      objective: { p99Latency: Duration.millis(50), availabilityPercent: 99.9 },
      traffic: { peakRequestsPerSecond: 100 },
      callers: [Peer.namespace('callers')],
    });
  }
  return app;
}
