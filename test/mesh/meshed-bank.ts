import {
  ImageRegistry,
  MetricSink,
  ModelArtifact,
  ModelBucket,
  ModelEndpoint,
  ModelVersion,
  none,
  Peer,
  ResidencyZone,
  secretFile,
  ServiceMesh,
  ServingEngine,
  Site,
  TraceSink,
} from '@manara/constructs';
import { DataClass, Jurisdiction } from '@manara/residency';
import { App, Duration } from 'cdk8s';

const places = ['aws:me-central-1', 'azure:uaenorth'] as const;
type BankPlace = (typeof places)[number];

/** Two sites with all that a mesh makes: routes, a fallback, failover, hosts inside and outside. */
export function meshedBank(): App {
  const app = new App();
  const zone = new ResidencyZone(app, 'bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places,
    data: [DataClass.PERSONAL],
  });
  const site = (id: string, place: BankPlace, address: string): Site<BankPlace> =>
    new Site<BankPlace>(zone, id, {
      place,
      images: new ImageRegistry({ place, prefix: 'registry.bank.example/serving' }),
      mesh: ServiceMesh.istio({ revision: '1-30', eastWest: { address } }),
      metrics: new MetricSink({
        place,
        uri: 'https://metrics.bank.example',
        scrapedBy: Peer.serviceAccount('monitoring', 'prometheus'),
      }),
      traces: new TraceSink({
        place,
        uri: 'https://collector.observability.svc:4318',
        peer: Peer.pods('observability', { app: 'collector' }),
      }),
      logs: none('read on the node'),
      backup: none('can be trained again'),
    });
  const dubai = site('dubai', 'aws:me-central-1', '10.1.2.3');
  const north = site('north', 'azure:uaenorth', '10.2.2.3');
  const peer = Peer.addresses('10.20.0.0/24');
  const bucket = new ModelBucket({ place: 'aws:me-central-1', uri: 's3://bank-models', peer });
  const version = (model: string, number: number): ModelVersion<BankPlace> =>
    new ModelVersion<BankPlace>(
      number,
      new ModelArtifact<BankPlace>({
        bucket,
        key: `${model}/${number}/model.onnx`,
        sha256: 'a'.repeat(64),
        sizeBytes: 1_000_000,
      }),
    );
  const common = {
    engine: ServingEngine.onnx(),
    sites: [dubai],
    standby: north,
    objective: { p99Latency: Duration.millis(50), availabilityPercent: 99.9 },
    traffic: { peakRequestsPerSecond: 200 },
  } as const;
  const fallback = new ModelEndpoint<BankPlace>(zone, 'fraud-small', {
    ...common,
    versions: [version('fraud-small', 1)],
    server: {
      config: { fallbacks: { fraud: { elsewhere: true, chain: [{ model: 'fraud-small' }] } } },
    },
  });
  new ModelEndpoint<BankPlace>(zone, 'fraud', {
    ...common,
    versions: [version('fraud', 1), version('fraud', 2)],
    fallback,
    callers: [
      Peer.serviceAccount('payments', 'checkout'),
      { peer: Peer.namespace('risk'), verbs: ['infer', 'read'], versions: [2] },
    ],
    routes: {
      weights: { 1: 90, 2: 10 },
      headers: [{ header: 'x-cohort', equals: 'beta', version: 2 }],
    },
    server: {
      config: {
        cache: {
          redis: { url: 'rediss://redis.data.svc:6379/0' },
          keyFile: secretFile('cache', 'key'),
          models: { fraud: {} },
        },
      },
      hosts: [
        {
          host: 'redis.data.svc',
          place: 'aws:me-central-1',
          peer: Peer.pods('data', { app: 'redis' }),
        },
      ],
    },
  });
  new ModelEndpoint<BankPlace>(zone, 'claims', {
    ...common,
    versions: [version('claims', 1)],
    failover: none('its standby is led to by DNS'),
  }).workloads[0]?.routes?.divide();
  return app;
}
