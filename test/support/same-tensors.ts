import assert from 'node:assert/strict';
import type { HexTensor } from './inference';

/** Asserts that tensors are equal to the bit, without printing megabytes where they are not. */
export function assertSameTensors(
  actual: readonly HexTensor[] | undefined,
  expected: readonly HexTensor[],
): void {
  const head = ({ name, datatype, shape }: HexTensor): object => ({ name, datatype, shape });
  assert.ok(actual !== undefined, 'no answer');
  assert.deepEqual(actual.map(head), expected.map(head));
  for (const [index, { name, hex }] of expected.entries()) {
    assert.notEqual(hex.length, 0);
    assert.ok(actual[index]?.hex === hex, `${name} differs`);
  }
}
