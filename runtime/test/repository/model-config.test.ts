import assert from 'node:assert/strict';
import { defaultModelConfig, parseModelConfig } from '../../src/repository/model-config';

function refuses(text: string, message: string): void {
  assert.throws(() => parseModelConfig(text, 'fraud'), { name: 'ModelConfigError', message });
}

describe('parseModelConfig', () => {
  it('reads every field that the server honours', () => {
    const config = parseModelConfig(
      `# a comment
name: "fraud"
platform: "onnxruntime_onnx"
backend: 'onnxruntime'
max_batch_size: 8
input [
  { name: "x" data_type: TYPE_FP32 dims: [ -1, 20 ] },
  { name: "names", data_type: TYPE_STRING; dims: 3 dims: 4 }
]
output < name: "y" data_type: TYPE_INT64 dims: [] >
version_policy: { specific: { versions: [1, 3] } }
default_model_filename: "net" ".onnx"
instance_group [ { count: 2 kind: KIND_CPU }, { kind: KIND_AUTO } ]
dynamic_batching { max_queue_delay_microseconds: 2500 }
response_cache { enable: true }
`,
      'fraud',
    );
    assert.deepEqual(config, {
      maxBatchSize: 8,
      inputs: [
        { name: 'x', datatype: 'FP32', dims: [-1, 20], line: 7 },
        { name: 'names', datatype: 'BYTES', dims: [3, 4], line: 8 },
      ],
      outputs: [{ name: 'y', datatype: 'INT64', dims: [], line: 10 }],
      versionPolicy: { kind: 'specific', versions: [1, 3] },
      fileName: 'net.onnx',
      instances: 3,
      batchDelayMillis: 2.5,
      responseCache: true,
    });
  });

  it('takes an empty file for the defaults', () => {
    assert.deepEqual(parseModelConfig('', 'fraud'), defaultModelConfig);
    assert.deepEqual(defaultModelConfig.versionPolicy, { kind: 'latest', count: 1 });
  });

  it('reads the other version policies', () => {
    const policy = (text: string): unknown => parseModelConfig(text, 'fraud').versionPolicy;
    assert.deepEqual(policy('version_policy { all {} }'), { kind: 'all' });
    assert.deepEqual(policy('version_policy { latest { num_versions: 2 } }'), {
      kind: 'latest',
      count: 2,
    });
    assert.deepEqual(policy('version_policy { latest {} }'), { kind: 'latest', count: 1 });
  });

  it('reads response_cache as a switch, off unless it says true', () => {
    const isCached = (text: string): boolean => parseModelConfig(text, 'fraud').responseCache;
    assert.deepEqual(['', 'response_cache {}', 'response_cache { enable: false }'].map(isCached), [
      false,
      false,
      false,
    ]);
    refuses(
      'response_cache { enable: yes }',
      'config.pbtxt line 1: field "response_cache.enable": expected true, false, received yes',
    );
  });

  it('takes no longer than the file is long', () => {
    // Each of these took time by the square of its length, or the stack.
    const begin = Date.now();
    const many = Array.from(
      { length: 20_000 },
      (_, i) => `input{name:"a${i}" data_type:TYPE_FP32}`,
    );
    assert.equal(parseModelConfig(many.join('\n'), 'fraud').inputs.length, 20_000);
    refuses(
      `max_batch_size: ${'1'.repeat(1_000_000)}x`,
      'config.pbtxt line 1: unexpected "1111111111"',
    );
    assert.ok(Date.now() - begin < 3000, `${Date.now() - begin} ms`);
  });

  it('refuses messages that nest too deep', () => {
    assert.throws(() => parseModelConfig('a {\n'.repeat(100_000), 'fraud'), {
      message: 'config.pbtxt line 65: messages nest more than 64 deep',
    });
  });

  it('quotes no more than the beginning of what it refuses', () => {
    refuses(
      `name: "${'n'.repeat(1000)}"`,
      `config.pbtxt line 1: field "name": expected "fraud", received "${'n'.repeat(60)}"…`,
    );
  });

  const supported =
    '"name", "platform", "backend", "max_batch_size", "input", "output", "version_policy", "default_model_filename", "instance_group", "dynamic_batching", "response_cache"';
  const refused: readonly (readonly [string, string])[] = [
    [
      'name: "fraud"\nensemble_scheduling { }',
      `line 2: field "ensemble_scheduling" is not supported; supported here: ${supported}`,
    ],
    ['max_batch: 8', `line 1: field "max_batch" is not supported; supported here: ${supported}`],
    [
      'input { name: "x" data_type: TYPE_FP32\n reshape { shape: [1] } }',
      'line 2: field "input.reshape" is not supported; supported here: "name", "data_type", "dims"',
    ],
    ['name: "other"', 'line 1: field "name": expected "fraud", received "other"'],
    ['backend: "python"', 'line 1: field "backend": expected "onnxruntime", received "python"'],
    [
      '\nplatform: "tensorrt_plan"',
      'line 2: field "platform": expected "onnxruntime_onnx", received "tensorrt_plan"',
    ],
    [
      'max_batch_size: "8"',
      'line 1: field "max_batch_size": expected an integer from 0 to 2147483647, received "8"',
    ],
    [
      'max_batch_size: -1',
      'line 1: field "max_batch_size": expected an integer from 0 to 2147483647, received -1',
    ],
    ['max_batch_size: 1\nmax_batch_size: 2', 'line 2: field "max_batch_size" stands twice'],
    [
      'instance_group { kind: KIND_GPU }',
      'line 1: field "instance_group.kind": expected KIND_AUTO, KIND_CPU, received KIND_GPU',
    ],
    ['input { name: "x" }', 'line 1: input needs both "name" and "data_type"'],
    [
      'input { name: "x" data_type: TYPE_FP32 }\ninput { name: "x" data_type: TYPE_FP32 }',
      'line 2: input "x" stands twice',
    ],
    ['input: 3', 'line 1: field "input": expected a message in braces, received 3'],
    ['version_policy { }', 'line 1: "version_policy" needs one of latest, all, specific'],
    [
      'version_policy { specific { } }',
      'line 1: "version_policy.specific.versions" names no version',
    ],
    [
      'default_model_filename: "../../etc/passwd"',
      'line 1: field "default_model_filename": expected the name of a file in the version\'s folder, received "../../etc/passwd"',
    ],
    ['name "fraud"', 'line 1: expected ":" or "{", received "fraud"'],
    ['name: ', 'line 1: expected a value, received the end of the file'],
    ['input {', 'line 1: expected a field name or }, received the end of the file'],
    [
      'input [ { name: "x" data_type: TYPE_FP32 }',
      'line 1: expected "," or "]", received the end of the file',
    ],
    ['\n\nname: "fraud', 'line 3: unexpected "\\"fraud"'],
  ];
  for (const [text, message] of refused) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      refuses(text, `config.pbtxt ${message}`);
    });
  }
});
