import {
  type Absent,
  ImageRegistry,
  LogSink,
  ModelArtifact,
  ModelBucket,
  type ModelEndpointProps,
  ModelVersion,
  none,
  Peer,
  ServingEngine,
} from '@manara/constructs';
import { fraud } from '@manara/example-models';
import { DataClass, Jurisdiction } from '@manara/residency';
import { Duration } from 'cdk8s';

const place = 'aws:me-central-1';

export const zoneProps = {
  jurisdiction: Jurisdiction.AE_ONSHORE,
  places: [place],
  data: [DataClass.PERSONAL],
} as const;

export const siteProps = {
  place,
  images: new ImageRegistry({ place, prefix: 'registry.bench.example' }),
  logs: new LogSink({ place, uri: 'https://logs.bench.example' }),
  metrics: none('a benchmark'),
  traces: none('a benchmark'),
  backup: none('a benchmark'),
} as const;

const bucket = new ModelBucket({
  place,
  uri: 's3://bench-models',
  peer: Peer.addresses('10.20.0.0/24'),
});

type EndpointProps = Omit<ModelEndpointProps<typeof place>, 'sites' | 'standby' | 'nodes'> & {
  readonly standby: Absent;
};

/** Of an endpoint of two versions, but for its sites. */
export function endpointProps(id: string): EndpointProps {
  const version = (number: 1 | 2) =>
    new ModelVersion(
      number,
      new ModelArtifact({
        bucket,
        key: `${id}/${number}/model.onnx`,
        file: fraud.versionFile(number),
      }),
    );
  return {
    versions: [version(1), version(2)],
    engine: ServingEngine.onnx(),
    standby: none('a benchmark'),
    objective: { p99Latency: Duration.millis(50), availabilityPercent: 99.9 },
    traffic: { peakRequestsPerSecond: 100 },
    callers: [Peer.namespace('callers')],
  };
}
