import type { Datatype } from '@manara/contract';
import type { SymbolicTensor } from '../protocol/tensor';

/**
 * What x86-64 traps on: the least integer divided by -1, which onnxruntime 1.30 does not guard
 * (division by zero it does). Narrower integers are divided as 32 bits and cannot overflow.
 */
const values: Readonly<Partial<Record<Datatype, readonly (number | bigint)[]>>> = {
  INT32: [0, -1, -(2 ** 31)],
  INT64: [0n, -1n, -(2n ** 63n)],
};

/** The value of each input in one run; `undefined` where it stays zero. */
export type Fill = readonly (number | bigint | undefined)[];

/**
 * What to run a model on besides zeros: each pair of the values above, one of the pair for every
 * second integer input. More combinations would cost more than they find.
 */
export function trappingFills(
  inputs: readonly Pick<SymbolicTensor, 'datatype'>[],
): readonly Fill[] {
  const trapping = inputs.flatMap(({ datatype }, i) => (datatype in values ? [i] : []));
  if (trapping.length === 0) return [];
  const second = trapping.length > 1 ? [0, 1, 2] : [0];
  return [0, 1, 2]
    .flatMap((a) => second.map((b) => [a, b] as const))
    .filter(([a, b]) => a > 0 || b > 0)
    .map((pair) =>
      inputs.map(({ datatype }, i) => values[datatype]?.[pair[trapping.indexOf(i) % 2] ?? 0]),
    );
}
