import { type Datatype, datatypes, modelFile, onnxPlatform } from '@manara/contract';
import { ConfigFields } from './config-fields';
import { type Message, ModelConfigError, parseTextFormat, quoted } from './text-format';

/** Which of a model's version folders are served. */
export type VersionPolicy =
  | { readonly kind: 'latest'; readonly count: number }
  | { readonly kind: 'all' }
  | { readonly kind: 'specific'; readonly versions: readonly number[] };

export interface ConfigTensor {
  readonly name: string;
  readonly datatype: Datatype;
  /** Without the batch dimension where the model batches; `-1` where the size varies. */
  readonly dims: readonly number[];
  readonly line: number;
}

/** What a model's `config.pbtxt` says. Source: Triton Inference Server, "Model Configuration"; read 2026-11. */
export interface ModelConfig {
  /** Greatest batch; 0 where the model's first dimension is not a batch. */
  readonly maxBatchSize: number;
  /** Empty: as the model itself says. */
  readonly inputs: readonly ConfigTensor[];
  readonly outputs: readonly ConfigTensor[];
  readonly versionPolicy: VersionPolicy;
  /** File in each version's folder. */
  readonly fileName: string;
  /** Inference threads that hold the model; `undefined`: all of the server's. */
  readonly instances: number | undefined;
  /** Milliseconds that a request may be held back for others to join it. */
  readonly batchDelayMillis: number;
  /** Whether answers are kept and given again. */
  readonly responseCache: boolean;
}

/** What a model without a `config.pbtxt` is served as. */
export const defaultModelConfig: ModelConfig = {
  maxBatchSize: 0,
  inputs: [],
  outputs: [],
  versionPolicy: { kind: 'latest', count: 1 },
  fileName: modelFile,
  instances: undefined,
  batchDelayMillis: 0,
  responseCache: false,
};

const supported = [
  'name',
  'platform',
  'backend',
  'max_batch_size',
  'input',
  'output',
  'version_policy',
  'default_model_filename',
  'instance_group',
  'dynamic_batching',
  'response_cache',
];

const greatestInt32 = 2 ** 31 - 1;

/**
 * @param folder - name of the model's folder, which `name` must repeat if it stands.
 * @throws ModelConfigError with the line, the field, its value and what is allowed.
 */
export function parseModelConfig(text: string, folder: string): ModelConfig {
  const fields = new ConfigFields(parseTextFormat(text), '', supported);
  expectText(fields, 'name', ['', folder]);
  expectText(fields, 'platform', ['', onnxPlatform]);
  expectText(fields, 'backend', ['', 'onnxruntime']);
  return {
    maxBatchSize: fields.integer('max_batch_size', 0, greatestInt32) ?? 0,
    inputs: tensors(fields, 'input'),
    outputs: tensors(fields, 'output'),
    versionPolicy: versionPolicy(fields),
    fileName: fileName(fields),
    instances: instances(fields),
    batchDelayMillis: batchDelay(fields),
    responseCache: responseCache(fields),
  };
}

function expectText(fields: ConfigFields, name: string, allowed: readonly string[]): void {
  const text = fields.string(name);
  const field = fields.single(name);
  if (text === undefined || field === undefined || allowed.includes(text)) return;
  throw fields.refused(
    field,
    allowed
      .filter((a) => a !== '')
      .map((a) => `"${a}"`)
      .join(' or '),
  );
}

const typeWords = new Map<string, Datatype>(
  datatypes.map((datatype) => [
    datatype === 'BYTES' ? 'TYPE_STRING' : `TYPE_${datatype}`,
    datatype,
  ]),
);

function tensors(fields: ConfigFields, role: 'input' | 'output'): ConfigTensor[] {
  const found = fields.messages(role).map(({ value, line }) => tensor(value, role, line));
  const names = new Set<string>();
  for (const { name, line } of found) {
    if (names.has(name)) throw new ModelConfigError(line, `${role} ${quoted(name)} stands twice`);
    names.add(name);
  }
  return found;
}

function tensor(message: Message, role: string, line: number): ConfigTensor {
  const fields = new ConfigFields(message, `${role}.`, ['name', 'data_type', 'dims']);
  const name = fields.string('name');
  const word = fields.word('data_type', [...typeWords.keys()]);
  const datatype = typeWords.get(word ?? '');
  if (name === undefined || datatype === undefined) {
    throw new ModelConfigError(line, `${role} needs both "name" and "data_type"`);
  }
  const dims = fields.integers('dims', -1, greatestInt32);
  return { name, datatype, dims, line };
}

function versionPolicy(fields: ConfigFields): VersionPolicy {
  const [policy, second] = fields.messages('version_policy');
  if (second !== undefined)
    throw new ModelConfigError(second.line, '"version_policy" stands twice');
  if (policy === undefined) return defaultModelConfig.versionPolicy;
  const choices = ['latest', 'all', 'specific'];
  const choice = new ConfigFields(policy.value, 'version_policy.', choices);
  const [chosen, other] = choices.flatMap((name) => choice.messages(name));
  if (chosen === undefined || other !== undefined) {
    throw new ModelConfigError(policy.line, `"version_policy" needs one of ${choices.join(', ')}`);
  }
  const at = `version_policy.${chosen.name}.`;
  switch (chosen.name) {
    case 'latest': {
      const inner = new ConfigFields(chosen.value, at, ['num_versions']);
      return { kind: 'latest', count: inner.integer('num_versions', 1, greatestInt32) ?? 1 };
    }
    case 'specific': {
      const inner = new ConfigFields(chosen.value, at, ['versions']);
      const versions = inner.integers('versions', 1, Number.MAX_SAFE_INTEGER);
      if (versions.length > 0) return { kind: 'specific', versions };
      throw new ModelConfigError(chosen.line, `"${at}versions" names no version`);
    }
    default:
      new ConfigFields(chosen.value, at, []);
      return { kind: 'all' };
  }
}

/** Only a plain name: a path could lead out of the repository. */
function fileName(fields: ConfigFields): string {
  const name = fields.string('default_model_filename');
  const field = fields.single('default_model_filename');
  if (name === undefined || name === '' || field === undefined) return modelFile;
  if (/[/\\]/.test(name) || name.startsWith('.')) {
    throw fields.refused(field, "the name of a file in the version's folder");
  }
  return name;
}

function instances(fields: ConfigFields): number | undefined {
  const groups = fields.messages('instance_group').map(({ value }) => {
    const group = new ConfigFields(value, 'instance_group.', ['name', 'count', 'kind']);
    group.string('name');
    group.word('kind', ['KIND_AUTO', 'KIND_CPU']);
    return group.integer('count', 1, 256) ?? 1;
  });
  return groups.length === 0 ? undefined : groups.reduce((sum, count) => sum + count, 0);
}

/**
 * Batching needs no switch here: a model with `max_batch_size` has it. What Triton has more to say of
 * it is refused rather than passed over.
 */
function batchDelay(fields: ConfigFields): number {
  const [batching, second] = fields.messages('dynamic_batching');
  if (second !== undefined)
    throw new ModelConfigError(second.line, '"dynamic_batching" stands twice');
  if (batching === undefined) return 0;
  const inner = new ConfigFields(batching.value, 'dynamic_batching.', [
    'max_queue_delay_microseconds',
  ]);
  return (inner.integer('max_queue_delay_microseconds', 0, 10_000_000) ?? 0) / 1000;
}

function responseCache(fields: ConfigFields): boolean {
  const [cache, second] = fields.messages('response_cache');
  if (second !== undefined)
    throw new ModelConfigError(second.line, '"response_cache" stands twice');
  if (cache === undefined) return false;
  const inner = new ConfigFields(cache.value, 'response_cache.', ['enable']);
  return inner.word('enable', ['true', 'false']) === 'true';
}
