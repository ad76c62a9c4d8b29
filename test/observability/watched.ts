import { join } from 'node:path';
import {
  ImageRegistry,
  LogSink,
  manifestFiles,
  MetricSink,
  ModelArtifact,
  ModelBucket,
  ModelEndpoint,
  ModelVersion,
  none,
  Observability,
  Peer,
  ResidencyZone,
  secretFile,
  type ServerProps,
  ServingEngine,
  Site,
  TraceSink,
} from '@manara/constructs';
import { configAnnotation } from '@manara/contract';
import { DataClass, Jurisdiction } from '@manara/residency';
import { App, Duration } from 'cdk8s';
import { repositoryRoot } from '../support/paths';

const place = 'aws:me-central-1';

/** Everything that a server can do which is watched. */
export const serverConfig: ServerProps<typeof place>['config'] = {
  variants: {
    models: {
      fraud: {
        variants: { control: { version: 1, weight: 1 }, challenger: { version: 2, weight: 1 } },
        outcome: { output: 'label', as: 'value' },
      },
    },
    feedback: {},
  },
  cache: { models: { fraud: {} } },
  fallbacks: {
    fraud: {
      chain: [
        {
          static: [
            { name: 'label', datatype: 'INT64', shape: [1], data: [0] },
            { name: 'probabilities', datatype: 'FP32', shape: [1, 2], data: [1, 0] },
          ],
        },
      ],
    },
  },
  identity: { apiKeys: { file: secretFile('callers', 'keys.json') }, openMetrics: true },
  rules: [{ callers: ['test'], verbs: ['infer'] }],
};

/** A document, as loosely typed as YAML is. */
export type Document = Readonly<Record<string, unknown>>;

/** The documents of endpoint `fraud` on a watched site `dubai`, in namespace `bank`. */
export function watchedDocuments(sink = 'https://tempo.bank.example:4318'): readonly Document[] {
  const app = new App();
  const zone = new ResidencyZone(app, 'bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: [place],
    // What goes over loopback in these tests is nobody's.
    data: [DataClass.PUBLIC],
  });
  const pods = Peer.pods('monitoring', { 'app.kubernetes.io/name': 'any' });
  const site = new Site(zone, 'dubai', {
    place,
    images: new ImageRegistry({ place, prefix: 'registry.bank.example' }),
    logs: new LogSink({ place, uri: sink, pushedTo: pods }),
    metrics: new MetricSink({ place, uri: sink, scrapedBy: pods, pushedTo: pods }),
    traces: new TraceSink({ place, uri: sink, peer: pods }),
    backup: none('nothing is kept'),
  });
  new Observability(site, 'observability', {
    collector: { issuer: { name: 'bank-ca' } },
    remediation: { apiServer: pods, alertmanager: pods },
  });
  const bucket = new ModelBucket({ place, uri: 'pvc://model-store' });
  const version = (number: number): ModelVersion<typeof place> => {
    const key = `fraud/${number}/model.onnx`;
    const file = join(repositoryRoot, 'examples/models/repository', key);
    return new ModelVersion(number, new ModelArtifact({ bucket, key, file }));
  };
  new ModelEndpoint(zone, 'fraud', {
    versions: [version(1), version(2)],
    defaultVersion: 2,
    engine: ServingEngine.onnx(),
    sites: [site],
    standby: none('one site'),
    objective: { p99Latency: Duration.millis(80), availabilityPercent: 99.9 },
    traffic: { peakRequestsPerSecond: 200 },
    server: { config: serverConfig },
  });
  return manifestFiles(app).flatMap(({ documents }) => documents);
}

/** The `spec` of each of a kind. */
export function specsOf(kind: string, documents: readonly Document[]): readonly Document[] {
  return documents.filter((one) => one.kind === kind).map(({ spec }) => spec as Document);
}

/** The configuration of endpoint `fraud`: it lies in its pods' template. */
export function serverConfigText(documents: readonly Document[]): string {
  const [text = ''] = specsOf('Deployment', documents).flatMap(({ template }) => {
    const { metadata } = template as { metadata: { annotations?: Record<string, string> } };
    return metadata.annotations?.[configAnnotation] ?? [];
  });
  return text;
}

/** The one text of a ConfigMap whose key ends so. */
export function textsOf(end: string, documents: readonly Document[]): readonly string[] {
  return documents
    .filter(({ kind }) => kind === 'ConfigMap')
    .flatMap(({ data }) => Object.entries(data as Readonly<Record<string, string>>))
    .filter(([key]) => key.endsWith(end))
    .map(([, text]) => text);
}
