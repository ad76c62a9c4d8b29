import { extensions, onnxPlatform } from '@manara/contract';
import type { Caller } from './call';
import { withoutFolders } from './errors';
import type { SymbolicTensor } from './protocol/tensor';
import type { LoadedVersion } from './repository/loaded-version';
import type { ModelRepository } from './repository/repository';
import type { StatisticDuration } from './repository/statistics';
import { serverVersion } from './version';

/**
 * What the server says of itself and its models. The field names are the protocol's, the same in
 * REST's JSON and in gRPC's messages. Source: Open Inference Protocol v2 and Triton's extensions.
 */
export const serverMetadata = {
  name: 'manara',
  version: serverVersion,
  extensions: [...extensions],
} as const;

/** Whether lists may show a model's version; `undefined`: the model, of which no version is known. */
export type Readable = (model: string, version: number | undefined) => boolean;

export function readableBy(caller: Caller): Readable {
  return (model, version) => caller.permit('read', model, version) !== undefined;
}

export interface TensorMetadata {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
}

export interface ModelMetadata {
  readonly name: string;
  readonly versions: readonly string[];
  readonly platform: string;
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
}

/** @param all - every version of the model that answers. */
export function modelMetadata(
  { model, signature }: LoadedVersion,
  all: readonly LoadedVersion[],
  readable: Readable,
): ModelMetadata {
  return {
    name: model,
    versions: all
      .filter(({ version }) => readable(model, version))
      .map(({ version }) => String(version)),
    platform: onnxPlatform,
    inputs: signature.inputs.map(tensorMetadata),
    outputs: signature.outputs.map(tensorMetadata),
  };
}

function tensorMetadata({ name, datatype, shape }: SymbolicTensor): TensorMetadata {
  return { name, datatype, shape };
}

export interface ConfigTensorView {
  readonly name: string;
  readonly data_type: string;
  readonly dims: readonly number[];
}

export interface ModelConfigView {
  readonly name: string;
  readonly platform: string;
  readonly backend: string;
  readonly version_policy: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly max_batch_size: number;
  readonly input: readonly ConfigTensorView[];
  readonly output: readonly ConfigTensorView[];
  readonly instance_group: readonly { readonly count: number; readonly kind: string }[];
  readonly default_model_filename: string;
}

/** A model's configuration as it is in force: what `config.pbtxt` leaves out is filled in. */
export function modelConfig({ model, config, signature }: LoadedVersion): ModelConfigView {
  const policy = config.versionPolicy;
  const batched = config.maxBatchSize > 0;
  const tensor = ({ name, datatype, shape }: SymbolicTensor): ConfigTensorView => ({
    name,
    data_type: datatype === 'BYTES' ? 'TYPE_STRING' : `TYPE_${datatype}`,
    dims: batched ? shape.slice(1) : shape,
  });
  return {
    name: model,
    platform: onnxPlatform,
    backend: 'onnxruntime',
    version_policy:
      policy.kind === 'latest'
        ? { latest: { num_versions: policy.count } }
        : policy.kind === 'all'
          ? { all: {} }
          : { specific: { versions: policy.versions } },
    max_batch_size: config.maxBatchSize,
    input: signature.inputs.map(tensor),
    output: signature.outputs.map(tensor),
    instance_group:
      config.instances === undefined ? [] : [{ count: config.instances, kind: 'KIND_CPU' }],
    default_model_filename: config.fileName,
  };
}

export interface ModelStatistics {
  readonly name: string;
  readonly version: string;
  readonly last_inference: number;
  readonly inference_count: number;
  readonly execution_count: number;
  readonly inference_stats: Readonly<
    Record<'success' | 'fail' | 'queue' | 'compute_infer', StatisticDuration>
  >;
  readonly batch_stats: readonly {
    readonly batch_size: number;
    readonly compute_infer: StatisticDuration;
  }[];
}

export function modelStatistics({ model, version, statistics }: LoadedVersion): ModelStatistics {
  const { success, fail, queue, computeInfer } = statistics;
  return {
    name: model,
    version: String(version),
    last_inference: statistics.lastInference,
    inference_count: statistics.inferenceCount,
    execution_count: statistics.executionCount,
    inference_stats: { success, fail, queue, compute_infer: computeInfer },
    batch_stats: statistics.batchStatistics.map((batch) => ({
      batch_size: batch.batchSize,
      compute_infer: batch.computeInfer,
    })),
  };
}

/**
 * Statistics of the versions that answer.
 *
 * @param model - one model only. @default - all
 * @param version - one version only. @default - all
 * @throws ServingError where a model or version is named that does not answer.
 */
export function statisticsOf(
  repository: ModelRepository,
  readable: Readable,
  model?: string,
  version?: string,
): readonly ModelStatistics[] {
  const shown = (versions: readonly LoadedVersion[]): readonly ModelStatistics[] =>
    versions.filter((one) => readable(one.model, one.version)).map(modelStatistics);
  if (model === undefined || model === '') {
    return repository.models().flatMap((entry) => shown(entry.ready()));
  }
  const found = repository.find(model, version);
  if (version !== undefined && version !== '') return [modelStatistics(found)];
  return shown(repository.readyVersions(model));
}

export interface IndexEntry {
  readonly name: string;
  readonly version?: string;
  readonly state?: string;
  readonly reason?: string;
}

/**
 * Every model of the repository with the state of its versions; only the name of one that was
 * never loaded.
 *
 * @param onlyReady - leave out what does not answer requests.
 */
export async function repositoryIndex(
  repository: ModelRepository,
  readable: Readable,
  onlyReady: boolean,
): Promise<readonly IndexEntry[]> {
  const entries: IndexEntry[] = [];
  const known = new Set<string>();
  for (const entry of repository.models()) {
    known.add(entry.name);
    for (const { version, state, reason } of entry.states()) {
      if (!readable(entry.name, version)) continue;
      entries.push({
        name: entry.name,
        version: String(version),
        state,
        reason: withoutFolders(reason),
      });
    }
    if (entry.failure !== '' && readable(entry.name, undefined)) {
      const reason = withoutFolders(entry.failure);
      entries.push({ name: entry.name, version: '', state: 'UNAVAILABLE', reason });
    }
  }
  for (const name of await repository.names()) {
    if (!known.has(name) && readable(name, undefined)) entries.push({ name });
  }
  return onlyReady ? entries.filter(({ state }) => state === 'READY') : entries;
}
