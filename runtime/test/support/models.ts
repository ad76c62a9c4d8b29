import type { Datatype } from '@manara/contract';
import { onnxFile, type Weights } from './onnx';

/** Gives its input `x` back as `y`. */
export function identity(
  datatype: Datatype,
  dims: readonly (number | string)[] = ['n'],
): Uint8Array {
  return onnxFile({
    inputs: [{ name: 'x', datatype, dims }],
    outputs: [{ name: 'y', datatype, dims }],
    nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
  });
}

/** Adds `a` and `b`, both of the symbolic length `n`, to `sum`; gives `a` back as `copy`. */
export function add(): Uint8Array {
  return onnxFile({
    inputs: [
      { name: 'a', datatype: 'FP32', dims: ['n', 2] },
      { name: 'b', datatype: 'FP32', dims: ['n', 2] },
    ],
    outputs: [
      { name: 'sum', datatype: 'FP32', dims: ['n', 2] },
      { name: 'copy', datatype: 'FP32', dims: ['n', 2] },
    ],
    nodes: [
      { op: 'Add', inputs: ['a', 'b'], outputs: ['sum'] },
      { op: 'Identity', inputs: ['a'], outputs: ['copy'] },
    ],
  });
}

/** Adds a constant to `x`, so that versions can be told apart by what they answer. */
export function addConstant(constant: number): Uint8Array {
  return onnxFile({
    inputs: [{ name: 'x', datatype: 'FP32', dims: ['n'] }],
    outputs: [{ name: 'y', datatype: 'FP32', dims: ['n'] }],
    nodes: [{ op: 'Add', inputs: ['x', 'c'], outputs: ['y'] }],
    weights: [{ name: 'c', dims: [1], data: Float32Array.of(constant) }],
  });
}

/** Adds what the file `location` beside the model holds, one FP32. */
export function addExternal(location: string): Uint8Array {
  return onnxFile({
    inputs: [{ name: 'x', datatype: 'FP32', dims: ['n'] }],
    outputs: [{ name: 'y', datatype: 'FP32', dims: ['n'] }],
    nodes: [{ op: 'Add', inputs: ['x', 'c'], outputs: ['y'] }],
    weights: [{ name: 'c', dims: [1], data: new Float32Array(1), location }],
  });
}

/** Divides `a` plus `add` by `b` less 1, 64-bit integers: x86-64 traps where that is -2^63 by -1. */
export function divide(add: bigint): Uint8Array {
  const integers = { datatype: 'INT64', dims: ['n'] } as const;
  return onnxFile({
    inputs: [
      { name: 'a', ...integers },
      { name: 'b', ...integers },
    ],
    outputs: [{ name: 'y', ...integers }],
    nodes: [
      { op: 'Add', inputs: ['a', 'c'], outputs: ['numerator'] },
      { op: 'Sub', inputs: ['b', 'one'], outputs: ['denominator'] },
      { op: 'Div', inputs: ['numerator', 'denominator'], outputs: ['y'] },
    ],
    weights: [
      { name: 'c', dims: [1], data: BigInt64Array.of(add) },
      { name: 'one', dims: [1], data: BigInt64Array.of(1n) },
    ],
  });
}

/** Least 64-bit integer. */
export const least = -(2n ** 63n);

/** A multilayer perceptron 20-64-32-2 with softmax; its weights are pseudorandom and fixed. */
export function perceptron(): Uint8Array {
  const sizes = [20, 64, 32, 2];
  const nodes = [];
  const weights = [];
  let value = 'x';
  for (let layer = 0; layer + 1 < sizes.length; layer++) {
    const [rows, columns] = [sizes[layer]!, sizes[layer + 1]!];
    weights.push(
      { name: `w${layer}`, dims: [rows, columns], data: noise(rows * columns, layer + 1) },
      { name: `b${layer}`, dims: [columns], data: noise(columns, layer + 11) },
    );
    nodes.push(
      { op: 'MatMul', inputs: [value, `w${layer}`], outputs: [`m${layer}`] },
      { op: 'Add', inputs: [`m${layer}`, `b${layer}`], outputs: [`a${layer}`] },
      { op: 'Relu', inputs: [`a${layer}`], outputs: [`h${layer}`] },
    );
    value = `h${layer}`;
  }
  nodes.push({ op: 'Softmax', inputs: [value], outputs: ['y'] });
  return onnxFile({
    inputs: [{ name: 'x', datatype: 'FP32', dims: ['batch', 20] }],
    outputs: [{ name: 'y', datatype: 'FP32', dims: ['batch', 2] }],
    nodes,
    weights,
  });
}

/** Takes about as long as `products` products of 400x400 matrices; `y` is of no meaning. */
export function slow(products: number): Uint8Array {
  return chain(products, [{ name: 'shape', dims: [2], data: BigInt64Array.of(400n, 400n) }]);
}

/** The same with matrices of the `shape` that is asked for: quick to probe, as slow as wished. */
export function slowOnDemand(products: number): Uint8Array {
  return chain(products, []);
}

function chain(products: number, weights: readonly Weights[]): Uint8Array {
  const nodes = [{ op: 'Expand', inputs: ['x', 'shape'], outputs: ['p0'] }];
  for (let i = 0; i < products; i++) {
    nodes.push(
      { op: 'MatMul', inputs: [`p${i}`, 'p0'], outputs: [`q${i}`] },
      { op: 'Tanh', inputs: [`q${i}`], outputs: [`p${i + 1}`] },
    );
  }
  nodes.push({ op: 'ReduceMax', inputs: [`p${products}`], outputs: ['y'] });
  const shape =
    weights.length > 0 ? [] : [{ name: 'shape', datatype: 'INT64', dims: [2] } as const];
  return onnxFile({
    inputs: [{ name: 'x', datatype: 'FP32', dims: [1, 1] }, ...shape],
    outputs: [{ name: 'y', datatype: 'FP32', dims: [1, 1] }],
    nodes,
    weights,
  });
}

/** Numbers between -1 and 1, the same for the same seed. */
export function noise(count: number, seed: number): Float32Array {
  let state = seed * 2654435761;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}
