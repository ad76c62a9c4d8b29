import type { RoutedModel } from '@manara/contract';
import { halfToNumber } from '../../protocol/float16';
import type { Tensor } from '../../protocol/tensor';

/** What was predicted, as outcomes are told; `undefined` where the answer holds several predictions or none. */
export function predictedValue(
  outputs: readonly Tensor[],
  outcome: RoutedModel['outcome'],
): string | undefined {
  const tensor = outputs.find(({ name }) => name === outcome?.output);
  if (outcome === undefined || tensor === undefined) return undefined;
  const { data, shape, datatype } = tensor;
  if (outcome.as === 'argmax') {
    // Scores of one row: all other dimensions are 1.
    if (data.length !== shape.at(-1) || Array.isArray(data)) return undefined;
    return String(greatest(datatype === 'FP16' ? Array.from(data, bitsToNumber) : [...data]));
  }
  const [only] = data;
  if (data.length !== 1 || only === undefined) return undefined;
  return datatype === 'BOOL' ? String(only === 1) : String(only);
}

function greatest(scores: readonly (number | bigint)[]): number {
  let at = 0;
  for (const [i, score] of scores.entries()) {
    if (score > (scores[at] ?? -Infinity)) at = i;
  }
  return at;
}

function bitsToNumber(bits: number | bigint): number {
  return halfToNumber(Number(bits));
}
