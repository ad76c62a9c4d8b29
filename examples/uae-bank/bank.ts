import {
  BackupVault,
  LogSink,
  MetricSink,
  ModelArtifact,
  ModelEndpoint,
  ModelVersion,
  none,
  Peer,
  ServingEngine,
  ServingStack,
  Site,
  TraceSink,
} from '@manara/constructs';
import { documentReader, fraud } from '@manara/example-models';
import { DataClass } from '@manara/residency';
import { Duration, Size } from 'cdk8s';
import type { BankStores } from './stores';
import type { BankPlace, BankZone } from './zone';

/** Versions of the fraud model that there are. */
export type FraudVersion = 1 | 2;

/** What copies images: krane of go-containerregistry, in the first site's registry like any other. */
export const copier = { name: 'krane', tag: 'v0.22.1' };

/** What may be said otherwise of the bank. */
export interface BankOptions {
  /**
   * Newest version of the fraud model to serve; those before it stay.
   * @default 2
   */
  readonly fraudVersion?: FraudVersion;
  /**
   * Where the primary site's logs go.
   * @default - the bank's own store
   */
  readonly logs?: LogSink<BankPlace>;
}

/** Names of its endpoints, which their service accounts have too. */
export const endpointNames = ['fraud', 'document-reader'] as const;

/** The bank as it stands in its zone. */
export interface Bank {
  readonly dubai: Site<BankPlace>;
  readonly north: Site<BankPlace>;
  /** Names of its endpoints, which their service accounts have too. */
  readonly endpoints: readonly string[];
  /** Service account of the job that copies images, in the first site. */
  readonly imageCopier: string;
}

/** A bank: fraud scores and document reading, in two clouds inside the UAE. */
export function bank(zone: BankZone, { aws, azure }: BankStores, options: BankOptions = {}): Bank {
  const dubai = new Site(zone, 'aws-me-central-1', {
    place: 'aws:me-central-1',
    images: aws.images,
    logs:
      options.logs ??
      new LogSink({ place: 'aws:me-central-1', uri: 'https://logs.internal.bank.example' }),
    metrics: new MetricSink({
      place: 'aws:me-central-1',
      uri: 'https://prometheus.internal.bank.example',
      scrapedBy: Peer.pods('monitoring', { 'app.kubernetes.io/name': 'prometheus' }),
    }),
    traces: new TraceSink({
      place: 'aws:me-central-1',
      uri: 'https://otel-collector.monitoring.svc:4318',
      peer: Peer.pods('monitoring', { 'app.kubernetes.io/name': 'otel-collector' }),
    }),
    backup: new BackupVault({ place: 'azure:uaenorth', uri: 'https://vault.north.bank.example' }),
  });

  const north = new Site(zone, 'azure-uaenorth', {
    place: 'azure:uaenorth',
    images: azure.images,
    logs: new LogSink({ place: 'azure:uaenorth', uri: 'https://logs.north.bank.example' }),
    metrics: new MetricSink({
      place: 'azure:uaenorth',
      uri: 'https://prometheus.north.bank.example',
      scrapedBy: Peer.pods('monitoring', { 'app.kubernetes.io/name': 'prometheus' }),
    }),
    traces: new TraceSink({
      place: 'azure:uaenorth',
      uri: 'https://otel-collector.monitoring.svc:4318',
      peer: Peer.pods('monitoring', { 'app.kubernetes.io/name': 'otel-collector' }),
    }),
    backup: new BackupVault({
      place: 'aws:me-central-1',
      uri: 'https://vault.internal.bank.example',
    }),
  });

  const uae = new ServingStack(zone, 'uae', {
    sites: [dubai],
    standby: north,
    recovery: { time: Duration.minutes(10), point: Duration.minutes(30) },
    // The alarm takes two minutes, and names are remembered for one.
    failover: Duration.minutes(3),
    images: {
      copier,
      every: Duration.minutes(15),
      peers: [aws.endpoints, azure.endpoints],
      credentials: 'registry-of-azure-uaenorth',
    },
  });

  const fraudVersion = (number: FraudVersion) =>
    new ModelVersion(
      number,
      new ModelArtifact({
        bucket: aws.models,
        copies: [azure.models],
        key: `fraud/${number}/model.onnx`,
        file: fraud.versionFile(number),
      }),
    );
  const scores = new ModelEndpoint(zone, 'fraud', {
    versions: options.fraudVersion === 1 ? [fraudVersion(1)] : [fraudVersion(1), fraudVersion(2)],
    engine: ServingEngine.onnx({ serviceTimeMicros: 50 }),
    sites: uae.sites,
    standby: uae.standby,
    objective: { p99Latency: Duration.millis(20), availabilityPercent: 99.95 },
    traffic: { peakRequestsPerSecond: 2000 },
    callers: [Peer.namespace('payments')],
  });

  const reader = new ModelArtifact({
    bucket: aws.models,
    copies: [azure.models],
    key: 'document-reader/1/model.onnx',
    file: documentReader.modelFile,
  });
  const documents = new ModelEndpoint(zone, 'document-reader', {
    versions: [new ModelVersion(1, reader)],
    engine: ServingEngine.onnx({
      serviceTimeMicros: 40_000,
      // One line of a document as binary tensor data: 48 rows of up to 900 pixels, three channels.
      maxRequestSize: Size.kibibytes(512),
      // Measured: 137 MiB for as many numbers as fit into that as JSON.
      requestMemory: Size.mebibytes(160),
    }),
    sites: [dubai, north],
    standby: none('both sites carry traffic'),
    objective: { p99Latency: Duration.millis(300), availabilityPercent: 99.9 },
    traffic: { peakRequestsPerSecond: 20 },
    callers: [Peer.namespace('onboarding')],
    data: [DataClass.PERSONAL],
  });
  return {
    dubai,
    north,
    endpoints: [scores, documents].map(({ node }) => node.id),
    imageCopier: `${uae.node.id}-images`,
  };
}
