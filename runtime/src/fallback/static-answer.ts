import type { StaticOutput, TensorSignature } from '@manara/contract';
import type { CheckedRequest, RequestSignature } from '../protocol/validate';
import { decodeJson } from '../protocol/decode-json';
import { elementCount, type Tensor } from '../protocol/tensor';

/** The same answer to every request. */
export class StaticAnswer {
  private readonly tensors: readonly Tensor[];

  /** @throws ServingError where the elements do not go with datatype and shape. */
  constructor(outputs: readonly StaticOutput[]) {
    this.tensors = outputs.map(({ name, datatype, shape, data }) => ({
      name,
      datatype,
      shape,
      data: decodeJson(name, datatype, shape, elementCount(shape) ?? 0, data),
    }));
  }

  get signature(): readonly TensorSignature[] {
    return this.tensors;
  }

  /** The outputs that were asked for, in memory of their own, one row for each of the request's. */
  answer({ inputs, outputs }: CheckedRequest, signature: RequestSignature): readonly Tensor[] {
    const rows = inputs[0]?.shape[0] ?? 1;
    return outputs.flatMap((name) => {
      const tensor = this.tensors.find((one) => one.name === name);
      if (tensor === undefined) return [];
      const varies = signature.outputs.find((one) => one.name === name)?.shape[0] === -1;
      return [repeated(tensor, varies && tensor.shape[0] === 1 ? rows : 1)];
    });
  }
}

function repeated(tensor: Tensor, times: number): Tensor {
  const { data, shape } = tensor;
  const [first, ...rest] = shape;
  const sizes = first === undefined ? [] : [first * times, ...rest];
  if (Array.isArray(data)) {
    return { ...tensor, shape: sizes, data: Array.from({ length: times }, () => data).flat() };
  }
  const bytes = new Uint8Array(data.byteLength * times);
  const row = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  for (let i = 0; i < times; i++) bytes.set(row, i * row.byteLength);
  const Elements = data.constructor as new (buffer: ArrayBuffer) => Exclude<typeof data, string[]>;
  return { ...tensor, shape: sizes, data: new Elements(bytes.buffer) };
}
