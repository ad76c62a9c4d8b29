import assert from 'node:assert/strict';
import { chooseOutputs, readInputs, type RequestSignature } from '../../src/protocol/validate';
import type { SymbolicTensor, WireInput } from '../../src/protocol/tensor';
import { assertRefused } from '../support/errors';

function tensor(
  name: string,
  shape: number[],
  symbols: (string | undefined)[] = [],
): SymbolicTensor {
  return { name, datatype: 'FP32', shape, symbols: shape.map((_, i) => symbols[i]) };
}

const signature: RequestSignature = {
  model: 'm',
  inputs: [tensor('a', [-1, 2], ['n']), tensor('b', [-1, 2], ['n'])],
  outputs: [tensor('y', [-1]), tensor('z', [-1])],
  maxBatchSize: 0,
};

function input(name: string, shape: number[], overrides: Partial<WireInput> = {}): WireInput {
  const count = shape.reduce((a, b) => a * b, 1);
  const data = Array.from({ length: count }, (_, i) => i);
  return { name, datatype: 'FP32', shape, content: { kind: 'json', data }, ...overrides };
}

describe('readInputs', () => {
  it("gives tensors in the signature's order", () => {
    const tensors = readInputs(signature, [input('b', [1, 2]), input('a', [1, 2])]);
    assert.deepEqual(
      tensors.map(({ name }) => name),
      ['a', 'b'],
    );
    assert.deepEqual(tensors[0], {
      name: 'a',
      datatype: 'FP32',
      shape: [1, 2],
      data: Float32Array.of(0, 1),
    });
  });

  const good = input('b', [1, 2]);
  const refusals: readonly (readonly [string, readonly WireInput[], string, RegExp | string])[] = [
    [
      'an unknown input',
      [input('c', [1])],
      'INPUT_UNKNOWN',
      'Input "c" is not one of model "m", which takes "a", "b"',
    ],
    [
      'a missing input',
      [good],
      'INPUT_MISSING',
      'Input "a" is missing; expected FP32 [-1,2] (-1: any size)',
    ],
    ['an input twice', [good, good], 'INPUT_DUPLICATE', 'Input "b" stands twice'],
    [
      'another datatype',
      [input('a', [1, 2], { datatype: 'INT32' }), good],
      'DATATYPE_MISMATCH',
      'Input "a" has datatype INT32; expected FP32',
    ],
    [
      'another rank',
      [input('a', [2]), good],
      'SHAPE_MISMATCH',
      'Input "a" has shape [2]; expected [-1,2] (-1: any size)',
    ],
    [
      'another size',
      [input('a', [1, 3]), good],
      'SHAPE_MISMATCH',
      'Input "a" has shape [1,3]; expected [-1,2] (-1: any size)',
    ],
    [
      'a negative size',
      [input('a', [1, 2], { shape: [-1, 2] }), good],
      'SHAPE_INVALID',
      'Input "a" has shape [-1,2], but -1 is not a size',
    ],
    [
      'an empty tensor',
      [input('a', [0, 2]), good],
      'SHAPE_INVALID',
      'Input "a" has shape [0,2], but empty tensors are refused',
    ],
    [
      'sizes of one symbol that differ',
      [input('a', [2, 2]), good],
      'SHAPE_INVALID',
      'Input "b" has shape [1,2], but "n" is 2 in input "a" and 1 here',
    ],
    [
      'an input without data',
      [input('a', [1, 2], { content: { kind: 'none' } }), good],
      'DATA_MISSING',
      'Input "a" carries no data',
    ],
  ];
  for (const [what, inputs, code, message] of refusals) {
    it(`refuses ${what}`, () => {
      assertRefused(() => readInputs(signature, inputs), code, message);
    });
  }

  it('refuses a shape whose elements cannot be counted', () => {
    const open = { ...signature, inputs: [tensor('a', [-1, -1, -1])] };
    assertRefused(
      () => readInputs(open, [input('a', [1, 1, 1], { shape: [2 ** 30, 2 ** 30, 2 ** 30] })]),
      'SHAPE_INVALID',
      /too many to count/,
    );
  });

  it('refuses more strings than it passes between threads, over all inputs', () => {
    const strings = (name: string): SymbolicTensor => ({
      ...tensor(name, [-1]),
      datatype: 'BYTES',
    });
    const texts = { ...signature, inputs: [strings('a'), strings('b')] };
    const sent = (name: string, count: number): WireInput => ({
      name,
      datatype: 'BYTES',
      shape: [count],
      content: { kind: 'json', data: Array<string>(count).fill('t') },
    });
    const [a, b] = readInputs(texts, [sent('a', 65_000), sent('b', 536)]);
    assert.equal((a?.data.length ?? 0) + (b?.data.length ?? 0), 65_536);
    assertRefused(
      () => readInputs(texts, [sent('a', 65_000), sent('b', 537)]),
      'STRINGS_TOO_MANY',
      'The BYTES inputs have 65537 elements in all; a request may carry 65536: send fewer rows at a time',
    );
  });

  it('holds a batching model to its max_batch_size', () => {
    const batching = { ...signature, maxBatchSize: 4 };
    readInputs(batching, [input('a', [4, 2]), input('b', [4, 2])]);
    assertRefused(
      () => readInputs(batching, [input('a', [5, 2]), input('b', [5, 2])]),
      'BATCH_TOO_LARGE',
      'Input "a" carries a batch of 5; the model\'s max_batch_size is 4',
    );
    const unnamed = { ...batching, inputs: [tensor('a', [-1, 2]), tensor('b', [-1, 2])] };
    assertRefused(
      () => readInputs(unnamed, [input('a', [2, 2]), input('b', [3, 2])]),
      'SHAPE_INVALID',
      'Input "b" has shape [3,2], but its batch differs from that of input "a", 2',
    );
  });
});

describe('chooseOutputs', () => {
  it('gives all outputs where none is named, and those named in their order', () => {
    assert.deepEqual(chooseOutputs(signature, []), ['y', 'z']);
    assert.deepEqual(chooseOutputs(signature, ['z', 'y']), ['z', 'y']);
  });

  it('refuses an unknown output and one that is named twice', () => {
    assertRefused(
      () => chooseOutputs(signature, ['w']),
      'OUTPUT_UNKNOWN',
      'Output "w" is not one of model "m", which gives "y", "z"',
    );
    assertRefused(() => chooseOutputs(signature, ['y', 'y']), 'OUTPUT_DUPLICATE', /"y"/);
  });
});
