import { formatShape } from '@manara/contract';
import type { ServedModel } from './triton-models';
import type { TritonPipeline, TritonStep } from './triton-pipeline';
import { fullDims, type TritonTensor } from './triton-tensor';

/** A pipeline whose tensors are known. */
export interface ResolvedPipeline {
  readonly pipeline: TritonPipeline;
  readonly batches: boolean;
  readonly inputs: readonly TritonTensor[];
  readonly outputs: readonly TritonTensor[];
}

/** A pipeline that cannot be; the message names the prop below it. */
export class PipelineError extends Error {}

/** Who says what a tensor is. */
interface Use {
  /** `input "image" of model "detector"`, for messages. */
  readonly title: string;
  readonly step: number;
  readonly tensor: TritonTensor;
  readonly batches: boolean;
}

/**
 * Checks a pipeline as Triton would when it loads it: every tensor made once and used, in one type and shape,
 * and no step that waits for itself.
 *
 * @throws PipelineError
 */
export function resolvePipeline(
  pipeline: TritonPipeline,
  models: readonly ServedModel[],
): ResolvedPipeline {
  if (pipeline.steps.length === 0)
    throw new PipelineError('steps: expected at least one, received none');
  const steps = pipeline.steps.map((step, i) => ({ step, model: modelOf(step, i, models) }));
  const taken = steps.flatMap(({ step, model }, i) =>
    uses(step.inputs, model.signature.inputs, { model, step: i, side: 'inputs' }),
  );
  const made = steps.flatMap(({ step, model }, i) =>
    uses(step.outputs, model.signature.outputs, { model, step: i, side: 'outputs' }),
  );
  refuseSecondMakers(pipeline, made);
  const used = new Map([...taken, ...made].map(([name]) => [name, [] as Use[]]));
  for (const [name, use] of [...made, ...taken]) used.get(name)?.push(use);
  for (const [name, all] of used) refuseDifferent(name, all);
  refuseUnmade(pipeline, taken, made);
  refuseCycle(pipeline.steps);

  const batches = steps.every(({ model }) => model.signature.batches);
  const tensor = (name: string, prop: string): TritonTensor => {
    const [use] = used.get(name) ?? [];
    if (use === undefined) {
      throw new PipelineError(
        `${prop}: expected tensors of its steps (${[...used.keys()].join(', ')}); received "${name}"`,
      );
    }
    const dims = batches ? use.tensor.dims : fullDims(use.tensor, use.batches);
    return { name, datatype: use.tensor.datatype, dims, isScalar: false };
  };
  return {
    pipeline,
    batches,
    inputs: pipeline.inputs.map((name) => tensor(name, 'inputs')),
    outputs: pipeline.outputs.map((name) => tensor(name, 'outputs')),
  };
}

function modelOf(step: TritonStep, i: number, models: readonly ServedModel[]): ServedModel {
  const model = models.find(({ name }) => name === step.model);
  if (model === undefined) {
    const names = models.map(({ name }) => name).join(', ');
    throw new PipelineError(
      `steps.${i}.model: expected a model of the same pods (${names}); received "${step.model}"`,
    );
  }
  const numbers = model.versions.map((version) => version.number);
  if (step.version !== undefined && !numbers.includes(step.version)) {
    throw new PipelineError(
      `steps.${i}.version: expected one of ${numbers.join(', ')}; received ${step.version}`,
    );
  }
  return model;
}

interface Side {
  readonly model: ServedModel;
  readonly step: number;
  readonly side: 'inputs' | 'outputs';
}

/** The pipeline's tensors by what the model says of them. */
function uses(
  map: Readonly<Record<string, string>>,
  tensors: readonly TritonTensor[],
  { model, step, side }: Side,
): readonly (readonly [name: string, use: Use])[] {
  const at = `steps.${step}.${side}`;
  const missing = tensors.find(({ name }) => !Object.hasOwn(map, name));
  if (side === 'inputs' && missing !== undefined) {
    throw new PipelineError(
      `${at}: expected a tensor for each input of model "${model.name}"; received none for "${missing.name}"`,
    );
  }
  if (Object.keys(map).length === 0) {
    throw new PipelineError(`${at}: expected at least one, received none`);
  }
  return Object.entries(map).map(([own, name]) => {
    const tensor = tensors.find((one) => one.name === own);
    if (tensor === undefined) {
      const names = tensors.map((one) => one.name).join(', ');
      throw new PipelineError(
        `${at}: expected ${side} of model "${model.name}" (${names}); received "${own}"`,
      );
    }
    const title = `${side.slice(0, -1)} "${own}" of model "${model.name}"`;
    return [name, { title, step, tensor, batches: model.signature.batches }];
  });
}

function refuseSecondMakers(
  { inputs }: TritonPipeline,
  made: readonly (readonly [string, Use])[],
): void {
  const makers = new Map<string, string>(inputs.map((name) => [name, 'callers']));
  for (const [name, { title, step }] of made) {
    const first = makers.get(name);
    if (first !== undefined) {
      throw new PipelineError(
        `steps.${step}.outputs: expected each tensor from one place; received "${name}" from ${first} and from ${title}`,
      );
    }
    makers.set(name, title);
  }
}

/** As Triton compares them: without the batch, or with it. */
function refuseDifferent(name: string, [first, ...others]: readonly Use[]): void {
  for (const other of others) {
    if (first === undefined) return;
    const [a, b] = [first, other].map(({ tensor, batches }) => fullDims(tensor, batches));
    const isSame =
      first.tensor.datatype === other.tensor.datatype &&
      (fits(first.tensor.dims, other.tensor.dims) || fits(a ?? [], b ?? []));
    if (isSame) continue;
    const shown = ({ title, tensor, batches }: Use): string =>
      `${tensor.datatype}${formatShape(fullDims(tensor, batches))} of ${title}`;
    throw new PipelineError(
      `steps.${other.step}: expected "${name}" in one type and shape; received ${shown(first)} and ${shown(other)}`,
    );
  }
}

function fits(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i] || dim === -1 || b[i] === -1);
}

function refuseUnmade(
  { inputs, outputs }: TritonPipeline,
  taken: readonly (readonly [string, Use])[],
  made: readonly (readonly [string, Use])[],
): void {
  const makes = new Set(made.map(([name]) => name));
  const wanted = new Set(taken.map(([name]) => name));
  for (const [name, { title, step }] of taken) {
    if (makes.has(name) || inputs.includes(name)) continue;
    throw new PipelineError(
      `steps.${step}.inputs: expected a tensor of another step's outputs or of the pipeline's inputs; received "${name}" for ${title}`,
    );
  }
  const idle = inputs.find((name) => !wanted.has(name));
  if (idle !== undefined) {
    throw new PipelineError(
      `inputs: expected tensors that a step takes (${[...wanted].join(', ')}); received "${idle}"`,
    );
  }
  if (outputs.length === 0)
    throw new PipelineError('outputs: expected at least one, received none');
  const absent = outputs.find((name) => !makes.has(name));
  if (absent !== undefined) {
    throw new PipelineError(
      `outputs: expected tensors that a step gives (${[...makes].join(', ')}); received "${absent}"`,
    );
  }
  for (const [prop, names] of Object.entries({ inputs, outputs })) {
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) {
      throw new PipelineError(`${prop}: expected each tensor once; received "${twice}" again`);
    }
  }
}

/** Every step takes tensors of steps before it; one that cannot be put into such an order waits for itself. */
function refuseCycle(steps: readonly TritonStep[]): void {
  const makerOf = new Map(
    steps.flatMap((step, i) => Object.values(step.outputs).map((name) => [name, i] as const)),
  );
  const before = (i: number): readonly number[] =>
    Object.values(steps[i]?.inputs ?? {}).flatMap((name) => makerOf.get(name) ?? []);
  const done = new Set<number>();
  const visit = (i: number, path: readonly number[]): void => {
    if (done.has(i)) return;
    if (path.includes(i)) {
      const cycle = [...path.slice(path.indexOf(i)), i].reverse();
      const names = cycle.map((step) => steps[step]?.model ?? '');
      throw new PipelineError(
        `steps: expected none that waits for itself; received ${names.join(' → ')}`,
      );
    }
    for (const earlier of before(i)) visit(earlier, [...path, i]);
    done.add(i);
  };
  for (const i of steps.keys()) visit(i, []);
}
