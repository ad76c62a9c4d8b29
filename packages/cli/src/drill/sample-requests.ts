import { createHash } from 'node:crypto';
import type { Datatype, TensorSignature } from '@manara/contract';
import type { Element } from './tensors';

/** Elements of one generated request; as JSON they are far below what the server takes. */
const largestRequest = 1_000_000;

/**
 * Bodies of requests that a model may answer: as its metadata say, one of each dimension that varies. The
 * same for the same model, inputs and number, on every machine, so that a drill can be repeated.
 *
 * @returns `undefined` where an input is too large to be made up
 */
export function sampleRequests(
  model: string,
  inputs: readonly TensorSignature[],
  count: number,
): readonly string[] | undefined {
  const shapes = inputs.map(({ shape }) => shape.map((size) => (size < 0 ? 1 : size)));
  const sizes = shapes.map((shape) => shape.reduce((product, size) => product * size, 1));
  if (sizes.reduce((sum, size) => sum + size, 0) > largestRequest) return undefined;
  return Array.from({ length: count }, (_, number) =>
    JSON.stringify({
      inputs: inputs.map(({ name, datatype }, i) => ({
        name,
        datatype,
        shape: shapes[i],
        data: elements(datatype, sizes[i] ?? 0, `${model}/${number}/${name}`),
      })),
    }),
  );
}

/** Two bytes an element of SHAKE-256, which gives as many as are asked for. */
function elements(datatype: Datatype, count: number, seed: string): readonly Element[] {
  const bytes = createHash('shake256', { outputLength: Math.max(count * 2, 1) })
    .update(seed)
    .digest();
  return Array.from({ length: count }, (_, i) => element(datatype, bytes.readUInt16LE(i * 2)));
}

function element(datatype: Datatype, random: number): Element {
  switch (datatype) {
    case 'BOOL':
      return random % 2 === 1;
    case 'BYTES':
      return `text ${random}`;
    case 'FP16':
    case 'FP32':
    case 'FP64':
      // 0 to 1 in steps that even FP16 has, so that every site reads the same number.
      return (random % 1025) / 1024;
    default:
      // Small, for it may be an index into a table.
      return random % 10;
  }
}
