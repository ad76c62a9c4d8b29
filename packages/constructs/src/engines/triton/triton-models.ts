import { formatShape, type ModelSignature, type TensorSignature } from '@manara/contract';
import type { Place } from '@manara/residency';
import { ConstructError } from '../../construct-error';
import type { ModelVersion } from '../../model-version';
import type { EndpointSpec } from '../lowering';
import type { TritonEngineOptions, TritonModelOptions } from './triton-options';
import { canBatch, type TritonSignature, tritonSignature } from './triton-tensor';

/** A model that a pod serves, with what is known of it. */
export interface ServedModel {
  readonly name: string;
  /** Ascending by number. */
  readonly versions: readonly ModelVersion<Place>[];
  readonly signature: TritonSignature;
  readonly options: TritonModelOptions;
  readonly peakRequestsPerSecond: number;
}

/**
 * The models of an endpoint's pods, its own first.
 *
 * @throws ConstructError MANARA_ENGINE for a signature that is not known or differs between versions, a name
 * that stands twice, and a batch where there can be none
 */
export function servedModels(
  endpoint: EndpointSpec,
  options: TritonEngineOptions<Place>,
): readonly ServedModel[] {
  const peak = endpoint.traffic.peakRequestsPerSecond;
  const all = [
    { ...options, name: endpoint.name, versions: endpoint.versions, prefix: 'versions' },
    ...(options.models ?? []).map((model, i) => ({
      ...model,
      prefix: `engine.models.${i}.versions`,
    })),
  ];
  const names = [...all, ...(options.pipelines ?? [])].map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new ConstructError(
      'MANARA_ENGINE',
      endpoint.path,
      `engine.models, engine.pipelines: expected each name once, "${endpoint.name}" being the endpoint's own; received "${twice}" again`,
    );
  }
  return all.map(({ prefix, ...model }): ServedModel => {
    const versions = [...model.versions].sort((a, b) => a.number - b.number);
    const refuse = (message: string): never => {
      throw new ConstructError('MANARA_ENGINE', endpoint.path, `${prefix}: ${message}`);
    };
    return {
      name: model.name,
      versions,
      signature: inTriton(commonSignature(versions, refuse), model, refuse),
      options: model,
      peakRequestsPerSecond:
        ('peakRequestsPerSecond' in model ? model.peakRequestsPerSecond : undefined) ?? peak,
    };
  });
}

type Refuse = (message: string) => never;

function inTriton(
  signature: ModelSignature,
  { maxBatchSize }: TritonModelOptions,
  refuse: Refuse,
): TritonSignature {
  const isPossible = canBatch(signature);
  if (maxBatchSize !== undefined && maxBatchSize > 0 && !isPossible) {
    refuse(
      `expected a model whose tensors all begin with a dimension that varies, for maxBatchSize is ${maxBatchSize}; received ${described(signature)}`,
    );
  }
  try {
    return tritonSignature(signature, isPossible && maxBatchSize !== 0);
  } catch (error) {
    if (error instanceof RangeError) return refuse(error.message);
    throw error;
  }
}

/** One configuration holds for all versions of a model. */
function commonSignature(versions: readonly ModelVersion<Place>[], refuse: Refuse): ModelSignature {
  const [first, ...others] = versions.map(({ number, artifact }) => ({
    number,
    signature:
      artifact.signature ??
      refuse(
        `Triton is told what a model takes and gives; expected file or signature of the ModelArtifact of version ${number}, received neither`,
      ),
  }));
  if (first === undefined) return refuse('expected at least one, received none');
  const said = described(first.signature);
  const other = others.find(({ signature }) => described(signature) !== said);
  if (other === undefined) return first.signature;
  return refuse(
    `Triton has one configuration for all versions of a model; expected ${said} of version ${other.number} as of version ${first.number}, received ${described(other.signature)}; fix: an endpoint, or a model of engine.models, of its own`,
  );
}

function described({ inputs, outputs }: ModelSignature): string {
  const tensors = (list: readonly TensorSignature[]): string =>
    [...list]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, datatype, shape }) => `${name} ${datatype}${formatShape(shape)}`)
      .join(', ');
  return `${tensors(inputs)} → ${tensors(outputs)}`;
}
