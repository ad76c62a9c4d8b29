import {
  ImageRegistry,
  ModelArtifact,
  ModelBucket,
  ModelEndpoint,
  ModelVersion,
  none,
  Peer,
  ResidencyZone,
  ServingEngine,
  ServingStack,
  Site,
} from '@manara/constructs';
import { fraud } from '@manara/example-models';
import { DataClass, Jurisdiction } from '@manara/residency';
import { App, Duration } from 'cdk8s';

const places = ['aws:me-central-1', 'azure:uaenorth'] as const;

/** An endpoint in one place with a warm standby in the other, and everything that it needs copied there. */
export function twoSites(registries: readonly [source: string, target: string]): { app: App } {
  const app = new App();
  const zone = new ResidencyZone(app, 'bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places,
    data: [DataClass.PERSONAL],
  });
  const [dubai, north] = places.map(
    (place, i) =>
      new Site(zone, ['dubai', 'north'][i]!, {
        place,
        images: new ImageRegistry({ place, prefix: registries[i]! }),
        logs: none('read on the node'),
        metrics: none('not collected'),
        traces: none('not collected'),
        backup: none('can be trained again'),
      }),
  ) as [Site<(typeof places)[number]>, Site<(typeof places)[number]>];
  new ServingStack(zone, 'uae', {
    sites: [dubai],
    standby: north,
    recovery: { time: Duration.minutes(10), point: Duration.minutes(30) },
    failover: Duration.minutes(3),
    images: {
      copier: { name: 'krane', tag: 'v0.22.1' },
      every: Duration.minutes(15),
      peers: [Peer.addresses('127.0.0.1/32')],
      others: [{ name: 'collector', tag: '1.2' }],
    },
  });
  const bucket = new ModelBucket({
    place: 'aws:me-central-1',
    uri: 's3://bank-models',
    peer: Peer.addresses('10.20.0.0/24'),
  });
  const copy = new ModelBucket({
    place: 'azure:uaenorth',
    uri: 'pvc://model-store',
    copy: { from: bucket, every: Duration.minutes(10) },
  });
  new ModelEndpoint(zone, 'scores', {
    versions: [1, 2].map(
      (number) =>
        new ModelVersion(
          number,
          new ModelArtifact({
            bucket,
            copies: [copy],
            key: `fraud/${number}/model.onnx`,
            file: fraud.versionFile(number as 1 | 2),
          }),
        ),
    ) as never,
    engine: ServingEngine.onnx(),
    sites: [dubai],
    standby: north,
    objective: { p99Latency: Duration.millis(50), availabilityPercent: 99.9 },
    traffic: { peakRequestsPerSecond: 100 },
  });
  return { app };
}
