import type { ModelSignature, TensorSignature } from '../signature';
import type { JsonObject } from './json-schema';

/** Elements past which an example would be a download. */
const mostExampleElements = 1024;

/**
 * A request of zeros, every size that varies being one: the smallest that has the right form.
 * `undefined` where it would be too long to read.
 */
export function exampleRequest({ inputs }: ModelSignature): JsonObject | undefined {
  const tensors = inputs.map(zeros);
  return tensors.some((tensor) => tensor === undefined) ? undefined : { inputs: tensors };
}

function zeros({ name, datatype, shape }: TensorSignature): JsonObject | undefined {
  const sizes = shape.map((size) => (size === -1 ? 1 : size));
  const count = sizes.reduce((product, size) => product * size, 1);
  if (count > mostExampleElements) return undefined;
  const zero = datatype === 'BOOL' ? false : datatype === 'BYTES' ? '' : 0;
  return { name, datatype, shape: sizes, data: new Array<unknown>(count).fill(zero) };
}
