import { type Datatype, formatShape } from '@manara/contract';
import type { Element, Tensor } from './tensors';

/**
 * How far two floats may be apart: `absolute + relative × |the first|`. Processors sum in different orders
 * and round differently, and more so the longer the sums. These are the tolerances by which ONNX's own
 * backend tests hold an implementation to the standard (onnx/onnx, onnx/backend/test/loader/__init__.py;
 * read 2026-11-22).
 */
export const tolerance = { relative: 1e-3, absolute: 1e-7 } as const;

/** How two answers compare. */
export type Comparison =
  | { readonly same: true; readonly largestRelative: number }
  | { readonly same: false; readonly difference: string };

const floats: ReadonlySet<Datatype> = new Set(['FP16', 'FP32', 'FP64']);

/** Floats within `tolerance`; integers, booleans and text exactly; the order of outputs does not matter. */
export function compareOutputs(first: readonly Tensor[], second: readonly Tensor[]): Comparison {
  const names = (tensors: readonly Tensor[]): string =>
    tensors
      .map(({ name }) => name)
      .sort()
      .join(', ');
  if (names(first) !== names(second)) {
    return differ(`outputs ${names(first)}, and ${names(second)}`);
  }
  let largestRelative = 0;
  for (const tensor of first) {
    const other = second.find(({ name }) => name === tensor.name);
    if (other === undefined) return differ(`no output "${tensor.name}"`);
    const compared = compareTensors(tensor, other);
    if (!compared.same) return compared;
    largestRelative = Math.max(largestRelative, compared.largestRelative);
  }
  return { same: true, largestRelative };
}

function compareTensors(first: Tensor, second: Tensor): Comparison {
  const head = ({ datatype, shape }: Tensor): string => `${datatype} ${formatShape(shape)}`;
  if (head(first) !== head(second)) {
    return differ(`"${first.name}" is ${head(first)}, and ${head(second)}`);
  }
  let largestRelative = 0;
  for (const [i, a] of first.data.entries()) {
    const b = second.data[i];
    if (a === b) continue;
    const apart = floats.has(first.datatype) ? relativeDistance(a, b) : undefined;
    if (apart === undefined) return differ(`"${first.name}"[${i}] is ${shown(a)}, and ${shown(b)}`);
    largestRelative = Math.max(largestRelative, apart);
  }
  return { same: true, largestRelative };
}

/** `undefined` where the two are no numbers, or further apart than the tolerance. */
function relativeDistance(a: Element, b: Element | undefined): number | undefined {
  if (typeof a !== 'number' || typeof b !== 'number') return undefined;
  const apart = Math.abs(a - b);
  const size = Math.abs(a);
  if (apart > tolerance.absolute + tolerance.relative * size) return undefined;
  // Of what is next to nothing the ratio says nothing.
  return size < tolerance.absolute ? 0 : apart / size;
}

function shown(element: Element | undefined): string {
  return element === undefined ? 'missing' : JSON.stringify(element);
}

function differ(difference: string): Comparison {
  return { same: false, difference };
}
