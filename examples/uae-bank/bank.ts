import {
  BackupVault,
  ImageRegistry,
  LogSink,
  MetricSink,
  ModelArtifact,
  ModelBucket,
  ModelEndpoint,
  ModelVersion,
  none,
  Peer,
  ResidencyZone,
  ServingEngine,
  Site,
  TraceSink,
} from '@manara/constructs';
import { documentReader, fraud } from '@manara/example-models';
import { DataClass, Jurisdiction } from '@manara/residency';
import { type App, Duration, Size } from 'cdk8s';

/** Where the bank may keep data. */
export type BankPlace = 'aws:me-central-1' | 'azure:uaenorth';

/** Versions of the fraud model that there are. */
export type FraudVersion = 1 | 2;

/** What the bank's own infrastructure says; late values when Pulumi deploys. */
export interface BankInputs {
  /** Bucket of the primary site: `s3://…`. */
  readonly modelBucket: string;
  /** IAM role that the servers read it with. */
  readonly modelReaderRole: string;
  /** Registries of the two sites, host and path. */
  readonly awsRegistry: string;
  readonly azureRegistry: string;
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

/** A bank: fraud scores and document reading, in two clouds inside the UAE. */
export function bank(app: App, inputs: BankInputs): void {
  const zone = new ResidencyZone(app, 'uae-bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: ['aws:me-central-1', 'azure:uaenorth'],
    data: [DataClass.PERSONAL, DataClass.FINANCIAL],
  });

  const bucket = new ModelBucket({
    place: 'aws:me-central-1',
    uri: inputs.modelBucket,
    peer: Peer.addresses('10.20.0.0/24'), // interface endpoints of S3 and STS
    readerAnnotations: { 'eks.amazonaws.com/role-arn': inputs.modelReaderRole },
  });
  const copy = new ModelBucket({ place: 'azure:uaenorth', uri: 'pvc://model-store' });

  const dubai = new Site(zone, 'aws-me-central-1', {
    place: 'aws:me-central-1',
    images: new ImageRegistry({ place: 'aws:me-central-1', prefix: inputs.awsRegistry }),
    logs:
      inputs.logs ??
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
    images: new ImageRegistry({ place: 'azure:uaenorth', prefix: inputs.azureRegistry }),
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

  const fraudVersion = (number: FraudVersion) =>
    new ModelVersion(
      number,
      new ModelArtifact({
        bucket,
        copies: [copy],
        key: `fraud/${number}/model.onnx`,
        file: fraud.versionFile(number),
      }),
    );
  new ModelEndpoint(zone, 'fraud', {
    versions: inputs.fraudVersion === 1 ? [fraudVersion(1)] : [fraudVersion(1), fraudVersion(2)],
    engine: ServingEngine.onnx({ serviceTimeMicros: 50 }),
    sites: [dubai],
    standby: north,
    objective: { p99Latency: Duration.millis(20), availabilityPercent: 99.95 },
    traffic: { peakRequestsPerSecond: 2000 },
    callers: [Peer.namespace('payments')],
  });

  const reader = new ModelArtifact({
    bucket,
    copies: [copy],
    key: 'document-reader/1/model.onnx',
    file: documentReader.modelFile,
  });
  new ModelEndpoint(zone, 'document-reader', {
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
}
