import { datatypes, type ModelSignature, type TensorSignature } from '@manara/contract';
import {
  ImageRegistry,
  manifestFiles,
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
  TensorRt,
  type TritonEngineOptions,
} from '@manara/constructs';
import { DataClass, Jurisdiction } from '@manara/residency';
import { App, Duration, Size } from 'cdk8s';
import { Chance } from '../support/chance';

export const place = 'aws:me-central-1';
const bucket = new ModelBucket({ place, uri: 'pvc://model-store' });

/** A site of a zone with one place. */
export function newSite(): { readonly app: App; readonly site: Site<typeof place> } {
  const app = new App();
  const zone = new ResidencyZone(app, 'bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: [place],
    data: [DataClass.PERSONAL],
  });
  const site = new Site(zone, 'dubai', {
    place,
    images: new ImageRegistry({ place, prefix: 'registry.bank.example/serving' }),
    logs: none('read on the node'),
    metrics: new MetricSink({
      place,
      uri: 'https://metrics.bank.example',
      scrapedBy: Peer.namespace('monitoring'),
    }),
    traces: none('not collected'),
    backup: none('can be trained again'),
  });
  return { app, site };
}

export function versionOf(
  model: string,
  number: number,
  signature: ModelSignature,
): ModelVersion<typeof place> {
  return new ModelVersion(
    number,
    new ModelArtifact({
      bucket,
      key: `${model}/${number}/model.onnx`,
      sha256: 'a'.repeat(64),
      sizeBytes: 1_000_000,
      signature,
    }),
  );
}

/** An endpoint on Triton, and what it was made of. */
export interface TritonCase {
  readonly versions: readonly number[];
  readonly signature: ModelSignature;
  readonly options: TritonEngineOptions<typeof place>;
  readonly millis: number;
  readonly perSecond: number;
}

/** The server's container of an endpoint on Triton. */
export interface TritonPod {
  /** `config.pbtxt` by model. */
  readonly configs: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

interface Manifest {
  readonly kind?: string;
  readonly spec?: {
    readonly template?: {
      readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
      readonly spec?: { readonly containers: readonly { readonly args: readonly string[] }[] };
    };
  };
}

export function tritonPod(one: TritonCase): TritonPod {
  const { app, site } = newSite();
  const [first = 1, ...others] = one.versions;
  new ModelEndpoint(site.zone, 'model', {
    versions: [
      versionOf('model', first, one.signature),
      ...others.map((number) => versionOf('model', number, one.signature)),
    ],
    engine: ServingEngine.triton(one.options),
    sites: [site],
    standby: none('one site'),
    objective: { p99Latency: Duration.millis(one.millis), availabilityPercent: 99 },
    traffic: { peakRequestsPerSecond: one.perSecond },
  });
  const documents: readonly Manifest[] = manifestFiles(app).flatMap((file) => file.documents);
  const template = documents.find(({ kind }) => kind === 'Deployment')?.spec?.template;
  const prefix = 'pbtxt.manara.dev/';
  const configs = Object.entries(template?.metadata?.annotations ?? {})
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, text]) => [key.slice(prefix.length), text] as const);
  return {
    configs: Object.fromEntries(configs),
    args: template?.spec?.containers[0]?.args ?? [],
  };
}

/** A case that the seed chooses: any signature, and any options that fit each other. */
export function randomCase(seed: number): TritonCase {
  const chance = new Chance(seed);
  const batches = chance.integer(3) > 0;
  const onGpu = chance.integer(2) === 0;
  const tensors = (role: string): TensorSignature[] =>
    Array.from({ length: 1 + chance.integer(3) }, (_, i) => ({
      name: `${chance.pick(['x', 'in:0', 'a "b"', 'تنسور', 'back\\slash', 'line\nfeed'])}${role}${i}`,
      datatype: chance.pick(['FP32', ...datatypes]),
      shape: [
        ...(batches ? [-1] : []),
        ...Array.from({ length: chance.integer(4) }, () => chance.pick([-1, 1, 3, 224])),
      ],
    }));
  const signature = { inputs: tensors('i'), outputs: tensors('o') };
  const canBatch = [...signature.inputs, ...signature.outputs].every(
    ({ shape }) => shape[0] === -1,
  );
  const serviceTimeMicros = 100 + chance.integer(5_000);
  const precision = chance.pick([
    TensorRt.fp32(),
    TensorRt.fp16({ workspace: Size.gibibytes(2) }),
    TensorRt.int8(),
  ]);
  const options = {
    ...(onGpu || chance.integer(2) === 0
      ? {
          serviceTimeMicros,
          ...(chance.integer(2) === 0
            ? {}
            : { largerBatch: { rows: 16, micros: serviceTimeMicros * (1 + chance.integer(16)) } }),
        }
      : {}),
    ...(onGpu ? { gpus: { count: 1 + chance.integer(4) } } : {}),
    ...(onGpu && chance.integer(2) === 0 ? { tensorRt: precision, onGpus: [0] } : {}),
    ...(chance.integer(3) === 0 ? { instances: 1 + chance.integer(4) } : {}),
    ...(canBatch && chance.integer(4) === 0 ? { maxBatchSize: chance.integer(300) } : {}),
    warmUp: chance.integer(4) > 0,
    responseCache: chance.integer(2) === 0,
  };
  return {
    versions: [...new Set([1 + chance.integer(3), 4 + chance.integer(3)])],
    signature,
    options,
    millis: 50 + chance.integer(500),
    perSecond: 1 + chance.integer(5_000),
  };
}
