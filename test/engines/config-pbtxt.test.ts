import assert from 'node:assert/strict';
import { pythonWith } from '../support/python';
import { requirements, runTool } from './python-tools';
import { randomCase, type TritonCase, tritonPod } from './engine-trees';

/** A ModelConfig as Python's protobuf reads it; 64-bit integers come as text, and what is none not at all. */
interface Parsed {
  readonly name: string;
  readonly platform?: string;
  readonly backend?: string;
  readonly max_batch_size?: number;
  readonly input: readonly ParsedTensor[];
  readonly output: readonly ParsedTensor[];
  readonly version_policy?: { readonly specific: { readonly versions: readonly string[] } };
  readonly instance_group?: readonly {
    readonly count: number;
    readonly kind?: string;
    readonly gpus?: readonly number[];
  }[];
  readonly dynamic_batching?: {
    readonly preferred_batch_size?: readonly number[];
    readonly max_queue_delay_microseconds?: string;
    readonly default_queue_policy: { readonly default_timeout_microseconds: string };
  };
  readonly optimization?: {
    readonly execution_accelerators: {
      readonly gpu_execution_accelerator: readonly {
        readonly name: string;
        readonly parameters: Readonly<Record<string, string>>;
      }[];
    };
  };
  readonly model_warmup?: readonly {
    readonly batch_size?: number;
    readonly inputs: Readonly<
      Record<string, { readonly dims: readonly string[]; readonly zero_data: boolean }>
    >;
  }[];
  readonly response_cache?: { readonly enable: boolean };
  readonly ensemble_scheduling?: {
    readonly step: readonly {
      readonly model_name: string;
      readonly model_version: string;
      readonly input_map: Readonly<Record<string, string>>;
      readonly output_map: Readonly<Record<string, string>>;
    }[];
  };
}

interface ParsedTensor {
  readonly name: string;
  readonly data_type: string;
  readonly dims: readonly string[];
  readonly reshape?: { readonly shape?: readonly string[] };
}

const seed = Number(process.env.MANARA_SEED ?? 1);
const cases = Array.from({ length: 300 }, (_, i) => ({
  key: `seed ${seed + i}`,
  one: randomCase(seed + i),
}));
const pipeline: TritonCase = {
  versions: [1, 2],
  signature: {
    inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 4] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 4] }],
  },
  options: {
    maxBatchSize: 16,
    pipelines: [
      {
        name: 'twice',
        inputs: ['first'],
        outputs: ['third'],
        steps: [
          { model: 'model', version: 1, inputs: { x: 'first' }, outputs: { y: 'second' } },
          { model: 'model', inputs: { x: 'second' }, outputs: { y: 'third' } },
        ],
      },
    ],
  },
  millis: 50,
  perSecond: 100,
};

describe("config.pbtxt by Triton's own schema", function () {
  this.timeout(180_000);
  let parsed: Readonly<Record<string, Parsed>>;

  before(async function () {
    this.timeout(0);
    const python = pythonWith(requirements);
    if (python === undefined) return this.skip();
    const texts = Object.fromEntries(
      cases.map(({ key, one }) => [key, tritonPod(one).configs.model ?? assert.fail(key)]),
    );
    const { model = '', twice = '' } = tritonPod(pipeline).configs;
    parsed = (await runTool(python, 'parse_configs.py', {
      ...texts,
      model,
      twice,
    })) as typeof parsed;
  });

  it('parses, whatever the model and the options, and says what they say', () => {
    for (const { key, one } of cases) {
      assertSame(parsed[key] ?? assert.fail(key), one, key);
    }
  });

  it('chains models of a pipeline', () => {
    const { platform, input, output, ensemble_scheduling, max_batch_size } =
      parsed.twice ?? assert.fail('not parsed');
    assert.deepEqual([platform, max_batch_size], ['ensemble', 16]);
    assert.deepEqual(
      [...input, ...output].map(({ name, data_type, dims }) => [name, data_type, dims]),
      [
        ['first', 'TYPE_FP32', ['4']],
        ['third', 'TYPE_FP32', ['4']],
      ],
    );
    assert.deepEqual(ensemble_scheduling?.step, [
      {
        model_name: 'model',
        model_version: '1',
        input_map: { x: 'first' },
        output_map: { y: 'second' },
      },
      {
        model_name: 'model',
        model_version: '-1',
        input_map: { x: 'second' },
        output_map: { y: 'third' },
      },
    ]);
  });
});

function assertSame(config: Parsed, one: TritonCase, key: string): void {
  const { signature, options } = one;
  const all = [...signature.inputs, ...signature.outputs];
  const batches = options.maxBatchSize !== 0 && all.every(({ shape }) => shape[0] === -1);
  const most = config.max_batch_size ?? 0;
  assert.deepEqual([config.name, config.backend], ['model', 'onnxruntime'], key);
  assert.equal(most > 0, batches, key);
  if (batches && options.maxBatchSize !== undefined) assert.equal(most, options.maxBatchSize, key);
  const tensors = [...config.input, ...config.output];
  assert.deepEqual(
    tensors.map(({ name }) => name),
    all.map(({ name }) => name),
    key,
  );
  for (const [i, { data_type, dims, reshape }] of tensors.entries()) {
    const { datatype = '', shape = [] } = all[i] ?? {};
    const own = batches ? shape.slice(1) : shape;
    assert.equal(data_type, datatype === 'BYTES' ? 'TYPE_STRING' : `TYPE_${datatype}`, key);
    assert.deepEqual(dims.map(Number), own.length === 0 ? [1] : own, key);
    assert.deepEqual(reshape, own.length === 0 ? {} : undefined, key);
  }
  assert.deepEqual(config.version_policy?.specific.versions.map(Number), one.versions, key);
  assert.deepEqual(
    config.instance_group?.map(({ kind }) => kind),
    [options.gpus ? 'KIND_GPU' : 'KIND_CPU'],
    key,
  );
  assert.equal(config.response_cache?.enable, options.responseCache === true || undefined, key);

  assert.equal(config.dynamic_batching !== undefined, batches, key);
  const { max_queue_delay_microseconds: delay = '0', preferred_batch_size: preferred = [] } =
    config.dynamic_batching ?? {};
  assert(Number(delay) < one.millis * 1000, key);
  for (const rows of preferred) assert(rows > 1 && rows <= most, key);

  const [accelerator] = config.optimization?.execution_accelerators.gpu_execution_accelerator ?? [];
  assert.equal(accelerator?.parameters.precision_mode, options.tensorRt?.precision, key);
  const warmUps = config.model_warmup ?? [];
  assert.equal(warmUps.length > 0, options.warmUp, key);
  for (const { batch_size, inputs } of warmUps) {
    assert.deepEqual(
      Object.keys(inputs).sort(),
      signature.inputs.map(({ name }) => name).sort(),
      key,
    );
    assert(
      Object.values(inputs).every(({ dims }) => dims.every((dim) => Number(dim) > 0)),
      key,
    );
    assert.equal(batch_size === undefined, !batches, key);
  }
}
