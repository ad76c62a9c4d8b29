import { noise } from './models';
import { onnxFile, type Weights } from './onnx';

/** `y` = tanh(x W1) W2, FP32 [batch, columns] to [batch, 1]: a small regression in which all interact. */
export function regression(columns: number): Uint8Array {
  return onnxFile({
    inputs: [{ name: 'x', datatype: 'FP32', dims: ['batch', columns] }],
    outputs: [{ name: 'y', datatype: 'FP32', dims: ['batch', 1] }],
    nodes: [
      { op: 'MatMul', inputs: ['x', 'w1'], outputs: ['m'] },
      { op: 'Tanh', inputs: ['m'], outputs: ['h'] },
      { op: 'MatMul', inputs: ['h', 'w2'], outputs: ['y'] },
    ],
    weights: regressionWeights(columns),
  });
}

export function regressionWeights(columns: number): readonly [Weights, Weights] {
  return [
    { name: 'w1', dims: [columns, 8], data: noise(columns * 8, 3) },
    { name: 'w2', dims: [8, 1], data: noise(8, 5) },
  ];
}

/** `y` = x W with fixed W, FP32 [batch, 3] to [batch, 2]. */
export function linear(): Uint8Array {
  return onnxFile({
    inputs: [{ name: 'x', datatype: 'FP32', dims: ['batch', 3] }],
    outputs: [{ name: 'y', datatype: 'FP32', dims: ['batch', 2] }],
    nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }],
    weights: [{ name: 'w', dims: [3, 2], data: Float32Array.of(1, -1, 2, -2, 3, 0.5) }],
  });
}

/** `sum` of an image's pixels, each times its place in the row: FP32 [batch, 1, 4, 4] to [batch]. */
export function imageSum(): Uint8Array {
  return onnxFile({
    inputs: [{ name: 'image', datatype: 'FP32', dims: ['batch', 1, 4, 4] }],
    outputs: [{ name: 'sum', datatype: 'FP32', dims: ['batch', 1] }],
    nodes: [
      { op: 'Reshape', inputs: ['image', 'flat'], outputs: ['row'] },
      { op: 'MatMul', inputs: ['row', 'w'], outputs: ['sum'] },
    ],
    weights: [
      { name: 'flat', dims: [2], data: BigInt64Array.of(-1n, 16n) },
      { name: 'w', dims: [16, 1], data: Float32Array.from({ length: 16 }, (_, i) => i) },
    ],
  });
}

/**
 * A text model: `score` is the sum of the tokens' values from a table, where the mask is 1. INT64
 * `ids` and FP32 `mask` [batch, length] to FP32 [batch].
 */
export function tokenScore(): Uint8Array {
  return onnxFile({
    inputs: [
      { name: 'ids', datatype: 'INT64', dims: ['batch', 'length'] },
      { name: 'mask', datatype: 'FP32', dims: ['batch', 'length'] },
    ],
    outputs: [{ name: 'score', datatype: 'FP32', dims: ['batch'] }],
    nodes: [
      { op: 'Gather', inputs: ['table', 'ids'], outputs: ['values'] },
      { op: 'Mul', inputs: ['values', 'mask'], outputs: ['kept'] },
      { op: 'ReduceSum', inputs: ['kept', 'axis'], outputs: ['sums'] },
      { op: 'Squeeze', inputs: ['sums', 'axis'], outputs: ['score'] },
    ],
    weights: [
      { name: 'table', dims: [8], data: Float32Array.of(0, 1, 2, 4, 8, 16, 32, 64) },
      { name: 'axis', dims: [1], data: BigInt64Array.of(1n) },
    ],
  });
}

/** Adds one to INT64 `n` and gives BYTES `text` back. */
export function textAndNumber(): Uint8Array {
  return onnxFile({
    inputs: [
      { name: 'text', datatype: 'BYTES', dims: ['batch', 1] },
      { name: 'n', datatype: 'FP32', dims: ['batch', 2] },
    ],
    outputs: [
      { name: 'same', datatype: 'BYTES', dims: ['batch', 1] },
      { name: 'doubled', datatype: 'FP32', dims: ['batch', 2] },
    ],
    nodes: [
      { op: 'Identity', inputs: ['text'], outputs: ['same'] },
      { op: 'Add', inputs: ['n', 'n'], outputs: ['doubled'] },
    ],
  });
}
