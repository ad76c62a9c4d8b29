import assert from 'node:assert/strict';
import type { ModelSignature } from '@manara/contract';
import { PipelineError, resolvePipeline } from '../../../src/engines/triton/resolve-pipeline';
import type { ServedModel } from '../../../src/engines/triton/triton-models';
import type { TritonPipeline, TritonStep } from '../../../src/engines/triton/triton-pipeline';
import { canBatch, tritonSignature } from '../../../src/engines/triton/triton-tensor';
import { versionOf } from './support';

function model(name: string, signature: ModelSignature): ServedModel {
  return {
    name,
    versions: [versionOf()],
    signature: tritonSignature(signature, canBatch(signature)),
    options: {},
    peakRequestsPerSecond: 1,
  };
}

const models = [
  model('tokenize', {
    inputs: [{ name: 'text', datatype: 'BYTES', shape: [-1, 1] }],
    outputs: [{ name: 'ids', datatype: 'INT64', shape: [-1, 128] }],
  }),
  model('embed', {
    inputs: [{ name: 'input_ids', datatype: 'INT64', shape: [-1, -1] }],
    outputs: [{ name: 'vector', datatype: 'FP32', shape: [-1, 384] }],
  }),
  model('again', {
    inputs: [{ name: 'vector', datatype: 'FP32', shape: [-1, 384] }],
    outputs: [{ name: 'ids', datatype: 'INT64', shape: [-1, 128] }],
  }),
  model('one', {
    inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 384] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: [1, 2] }],
  }),
];

const tokenize = { model: 'tokenize', inputs: { text: 'text' }, outputs: { ids: 'ids' } };
const embed = { model: 'embed', inputs: { input_ids: 'ids' }, outputs: { vector: 'vector' } };
const search: TritonPipeline = {
  name: 'search',
  inputs: ['text'],
  // Written in the other order: steps run when their tensors are there.
  steps: [embed, tokenize],
  outputs: ['vector'],
};

const wrong: readonly [title: string, pipeline: Partial<TritonPipeline>, says: RegExp][] = [
  ['no steps', { steps: [] }, /steps: expected at least one/],
  [
    'an unknown model',
    { steps: [{ ...embed, model: 'emebd' }] },
    /steps\.0\.model.*\(tokenize, embed, again, one\); received "emebd"/,
  ],
  [
    'an unknown version',
    { steps: [{ ...embed, version: 7 }, tokenize] },
    /steps\.0\.version: expected one of 1; received 7/,
  ],
  [
    'an input that is not mapped',
    { steps: [{ ...embed, inputs: {} }, tokenize] },
    /steps\.0\.inputs.*received none for "input_ids"/,
  ],
  [
    'an input that the model has not',
    { steps: [{ ...embed, inputs: { input_ids: 'ids', mask: 'ids' } }, tokenize] },
    /steps\.0\.inputs: expected inputs of model "embed" \(input_ids\); received "mask"/,
  ],
  [
    'an output that the model has not',
    { steps: [embed, { ...tokenize, outputs: { tokens: 'ids' } }] },
    /steps\.1\.outputs.*\(ids\); received "tokens"/,
  ],
  [
    'a step of no use',
    { steps: [embed, { ...tokenize, outputs: {} }] },
    /steps\.1\.outputs: expected at least one/,
  ],
  [
    'a tensor that nobody makes',
    { steps: [embed] },
    /steps\.0\.inputs.*received "ids" for input "input_ids" of model "embed"/,
  ],
  [
    'a tensor that two make',
    { steps: [embed, tokenize, tokenize] },
    /steps\.2\.outputs.*"ids" from output "ids" of model "tokenize"/,
  ],
  [
    'a tensor that callers give and a step makes',
    { inputs: ['text', 'ids'] },
    /steps\.1\.outputs.*"ids" from callers/,
  ],
  [
    'an input that no step takes',
    { inputs: ['text', 'txet'] },
    /inputs: expected tensors that a step takes \(ids, text\); received "txet"/,
  ],
  ['no output', { outputs: [] }, /outputs: expected at least one/],
  [
    'an output that no step gives',
    { outputs: ['vectors'] },
    /outputs: expected tensors that a step gives \(vector, ids\); received "vectors"/,
  ],
  ['an output twice', { outputs: ['vector', 'vector'] }, /outputs: expected each tensor once/],
  [
    'tensors of two types',
    {
      steps: [
        { model: 'embed', inputs: { input_ids: 'text' }, outputs: { vector: 'vector' } },
        tokenize,
      ],
    },
    /expected "text" in one type and shape; received .*INT64\[-1,-1\] of input "input_ids" of model "embed".*BYTES/,
  ],
  [
    'tensors of two shapes',
    {
      steps: [
        tokenize,
        { model: 'embed', inputs: { input_ids: 'ids' }, outputs: { vector: 'vector' } },
        { model: 'one', inputs: { x: 'ids' }, outputs: { y: 'y' } },
      ],
    },
    /expected "ids" in one type and shape/,
  ],
];

describe('resolvePipeline', () => {
  it('finds types and shapes of what callers give and get', () => {
    const { batches, inputs, outputs } = resolvePipeline(search, models);
    assert.equal(batches, true);
    assert.deepEqual(inputs, [{ name: 'text', datatype: 'BYTES', dims: [1], isScalar: false }]);
    assert.deepEqual(outputs, [{ name: 'vector', datatype: 'FP32', dims: [384], isScalar: false }]);
  });

  it('has whole shapes where one of its models does not batch', () => {
    const { batches, inputs, outputs } = resolvePipeline(
      {
        ...search,
        steps: [...search.steps, { model: 'one', inputs: { x: 'vector' }, outputs: { y: 'y' } }],
        outputs: ['vector', 'y'],
      },
      models,
    );
    assert.equal(batches, false);
    assert.deepEqual(
      inputs.map(({ dims }) => dims),
      [[-1, 1]],
    );
    assert.deepEqual(
      outputs.map(({ dims }) => dims),
      [
        [-1, 384],
        [1, 2],
      ],
    );
  });

  for (const [title, bent, says] of wrong) {
    it(`refuses ${title}`, () => {
      assert.throws(
        () => resolvePipeline({ ...search, ...bent }, models),
        (error) => {
          assert(error instanceof PipelineError, String(error));
          assert.match(error.message, says);
          return true;
        },
      );
    });
  }

  it('refuses steps that wait for each other, and shows the circle', () => {
    const steps: readonly TritonStep[] = [
      { model: 'embed', inputs: { input_ids: 'ids' }, outputs: { vector: 'vector' } },
      { model: 'again', inputs: { vector: 'vector' }, outputs: { ids: 'ids' } },
    ];
    assert.throws(
      () => resolvePipeline({ name: 'circle', inputs: [], steps, outputs: ['vector'] }, models),
      /steps: expected none that waits for itself; received embed → again → embed/,
    );
  });
});
