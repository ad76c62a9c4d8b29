import { isModelName, modelNameRule } from '@manara/contract';
import type { Place } from '@manara/residency';
import { ConstructError } from '../../construct-error';
import { imageGrammar } from '../../image-name';
import { hasLate } from '../../late/late';
import { imageName, modelVersion, size } from '../../props/kinds';
import {
  anyNumber,
  checkProps,
  kind,
  listOf,
  mapOf,
  optional,
  record,
  shown,
  text,
} from '../../props/props';
import { coldStartKind, validateColdStart } from '../../scaling/cold-start';
import { gpuCount, gpusKind, validateGpus } from '../parts/gpus';
import { TensorRt } from './tensor-rt';
import type { TritonEngineOptions, TritonModel, TritonModelOptions } from './triton-options';

const at = 'ServingEngine.triton';
const trueOrFalse = kind('true or false', (value) => typeof value === 'boolean');

const modelKinds = {
  serviceTimeMicros: optional(anyNumber),
  largerBatch: optional(record({ rows: anyNumber, micros: anyNumber })),
  maxBatchSize: optional(anyNumber),
  instances: optional(anyNumber),
  onGpus: optional(listOf(anyNumber)),
  tensorRt: optional(kind('a TensorRt', (value) => value instanceof TensorRt)),
  warmUp: optional(trueOrFalse),
  responseCache: optional(trueOrFalse),
};

const stepKind = record({
  model: text,
  version: optional(anyNumber),
  inputs: mapOf(text),
  outputs: mapOf(text),
});

const kinds = {
  ...modelKinds,
  image: optional(imageName),
  fetchImageDigest: optional(text),
  coldStart: optional(coldStartKind),
  gpus: optional(gpusKind),
  memory: optional(size),
  maxRequestSize: optional(size),
  cacheSize: optional(size),
  models: optional(
    listOf(
      record({
        ...modelKinds,
        name: text,
        versions: listOf(modelVersion),
        peakRequestsPerSecond: optional(anyNumber),
      }),
    ),
  ),
  pipelines: optional(
    listOf(
      record({ name: text, inputs: listOf(text), outputs: listOf(text), steps: listOf(stepKind) }),
    ),
  ),
};

/** @throws ConstructError MANARA_ENGINE for an option that is malformed or out of range, MANARA_PROP for another kind */
export function validateOptions(options: TritonEngineOptions<Place>): void {
  checkProps(at, options, kinds);
  const { gpus, models = [], pipelines = [], fetchImageDigest, cacheSize } = options;
  if (gpus !== undefined) validateGpus(at, gpus);
  if (options.coldStart !== undefined) validateColdStart(at, options.coldStart);
  if (
    fetchImageDigest !== undefined &&
    !hasLate(fetchImageDigest) &&
    !imageGrammar.digest.test(fetchImageDigest)
  ) {
    refuse(
      `fetchImageDigest: expected sha256: and 64 lower-case hexadecimal digits; received "${fetchImageDigest}"`,
    );
  }
  validateModel('', options, options);
  for (const [i, model] of models.entries()) validateBeside(`models.${i}.`, model, options);
  for (const [i, { name }] of pipelines.entries()) validateModelName(`pipelines.${i}.name`, name);
  const isCached = [options, ...models].some(({ responseCache }) => responseCache === true);
  if (cacheSize !== undefined && !isCached) {
    refuse(
      'cacheSize: expected a model with responseCache: true beside it; received none, and nothing would be kept',
    );
  }
}

function validateBeside(
  prefix: string,
  model: TritonModel<Place>,
  options: TritonEngineOptions<Place>,
): void {
  validateModelName(`${prefix}name`, model.name);
  const numbers = model.versions.map((version) => version.number);
  if (numbers.length === 0 || new Set(numbers).size < numbers.length) {
    refuse(
      `${prefix}versions: expected at least one, and each number once; received ${numbers.join(', ') || 'none'}`,
    );
  }
  const { peakRequestsPerSecond: peak = 1 } = model;
  if (!(peak > 0 && Number.isFinite(peak))) {
    refuse(`${prefix}peakRequestsPerSecond: expected a number above 0; received ${peak}`);
  }
  validateModel(prefix, model, options);
}

/** A name is the end of an annotation's, which has room for this much. */
const longestName = 63;

function validateModelName(prop: string, name: string): void {
  if (isModelName(name) && name.length <= longestName) return;
  refuse(`${prop}: expected ${modelNameRule}, and at most ${longestName}; received ${shown(name)}`);
}

/** @param prefix of the prop's name, for messages */
function validateModel(
  prefix: string,
  model: TritonModelOptions,
  { gpus }: TritonEngineOptions<Place>,
): void {
  const { serviceTimeMicros, largerBatch, maxBatchSize, instances, onGpus, tensorRt } = model;
  const whole = (prop: string, value: number | undefined, least: number, most: number): void => {
    if (value === undefined) return;
    if (Number.isSafeInteger(value) && value >= least && value <= most) return;
    refuse(`${prefix}${prop}: expected a whole number from ${least} to ${most}; received ${value}`);
  };
  const micros = (prop: string, value: number | undefined): void => {
    if (value === undefined || (Number.isFinite(value) && value > 0)) return;
    refuse(`${prefix}${prop}: expected microseconds above 0, such as 900; received ${value}`);
  };
  micros('serviceTimeMicros', serviceTimeMicros);
  whole('largerBatch.rows', largerBatch?.rows, 2, 65_536);
  micros('largerBatch.micros', largerBatch?.micros);
  whole('maxBatchSize', maxBatchSize, 0, 65_536);
  whole('instances', instances, 1, 256);
  if (largerBatch !== undefined && serviceTimeMicros === undefined) {
    refuse(
      `${prefix}largerBatch: expected serviceTimeMicros beside it, the time of one row; received none`,
    );
  }
  if (gpus === undefined) {
    const prop = tensorRt === undefined ? 'onGpus' : 'tensorRt';
    if (model[prop] === undefined) return;
    refuse(
      `${prefix}${prop}: runs on GPUs; expected gpus: { count: 1 } of the engine, received none`,
    );
  }
  if (serviceTimeMicros === undefined) {
    refuse(
      `${prefix}serviceTimeMicros: expected the measured time of one row on the GPU, from which replicas and batches follow; received none`,
    );
  }
  if (onGpus?.length === 0) {
    refuse(`${prefix}onGpus: expected at least one index; received none`);
  }
  for (const [i, index] of (onGpus ?? []).entries()) {
    whole(`onGpus.${i}`, index, 0, gpuCount(gpus) - 1);
  }
}

function refuse(message: string): never {
  throw new ConstructError('MANARA_ENGINE', at, message);
}
