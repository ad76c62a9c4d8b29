import type { ModelSignature } from '@manara/contract';
import { App, Duration } from 'cdk8s';
import {
  MetricSink,
  ModelArtifact,
  ModelVersion,
  Peer,
  ServingEngine,
  type TritonEngineOptions,
} from '../../../src';
import {
  bucket,
  claim,
  newEndpoint,
  newSite,
  newZone,
  sha256,
  type UaePlace,
} from '../../support/fixtures';
import { at, type Document, documentOf } from '../../support/manifests';

export const rows: ModelSignature = {
  inputs: [{ name: 'features', datatype: 'FP32', shape: [-1, 20] }],
  outputs: [
    { name: 'label', datatype: 'INT64', shape: [-1] },
    { name: 'probabilities', datatype: 'FP32', shape: [-1, 2] },
  ],
};

/** A version of which only the signature is known. */
export function versionOf(
  signature: ModelSignature | 'unknown' = rows,
  number = 1,
  key = 'fraud/1/model.onnx',
): ModelVersion<UaePlace> {
  const artifact = new ModelArtifact<UaePlace>({
    bucket: key.startsWith('fraud') ? claim : bucket,
    key,
    sha256,
    sizeBytes: 10_000_000,
    ...(signature === 'unknown' ? {} : { signature }),
  });
  return new ModelVersion(number, artifact);
}

export const metrics = new MetricSink({
  place: 'aws:me-central-1',
  uri: 'https://metrics.bank.example',
  scrapedBy: Peer.namespace('monitoring'),
});

/** A GPU, and the times without which it is not sized. */
export const measured = {
  gpus: { count: 1 },
  serviceTimeMicros: 900,
  largerBatch: { rows: 32, micros: 2400 },
} as const;

export interface TritonCase {
  readonly options?: TritonEngineOptions<UaePlace>;
  readonly endpoint?: Parameters<typeof newEndpoint>[1];
  readonly site?: Parameters<typeof newSite>[2];
}

/** An endpoint `fraud` on Triton, and its tree. */
export function triton({ options = {}, endpoint = {}, site = {} }: TritonCase = {}): {
  readonly app: App;
  readonly endpoint: ReturnType<typeof newEndpoint>;
} {
  const app = new App();
  const made = newEndpoint(newSite(newZone(app), 'dubai', { metrics, ...site }), {
    versions: [versionOf()],
    engine: ServingEngine.triton(options),
    objective: { p99Latency: Duration.millis(50), availabilityPercent: 99 },
    traffic: { peakRequestsPerSecond: 2000 },
    ...endpoint,
  });
  return { app, endpoint: made };
}

/** Its Deployment. */
export function deploymentOf(one: TritonCase = {}): Document {
  return documentOf(triton(one).app, 'Deployment', 'fraud');
}

/** The `config.pbtxt` of a model. */
export function configOf(one: TritonCase = {}, model = 'fraud'): string {
  const annotations = at(deploymentOf(one), 'spec', 'template', 'metadata', 'annotations');
  return String((annotations as Record<string, unknown>)[`pbtxt.manara.dev/${model}`]);
}

export function serverOf(one: TritonCase = {}): {
  readonly args: readonly string[];
  readonly volumeMounts: readonly { readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly resources: unknown;
} {
  return at(deploymentOf(one), 'spec', 'template', 'spec', 'containers', 0) as ReturnType<
    typeof serverOf
  >;
}
