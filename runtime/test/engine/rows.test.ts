import assert from 'node:assert/strict';
import { bytesOf, joinRows, rowsOf, splitRows } from '../../src/engine/rows';
import type { Tensor } from '../../src/protocol/tensor';

const pair = (rows: number, from: number): readonly Tensor[] => [
  {
    name: 'x',
    datatype: 'FP32',
    shape: [rows, 2],
    data: Float32Array.from({ length: rows * 2 }, (_, i) => from + i),
  },
  {
    name: 's',
    datatype: 'BYTES',
    shape: [rows],
    data: Array.from({ length: rows }, (_, i) => `${from}.${i}`),
  },
];

describe('rows', () => {
  const parts = [pair(1, 0), pair(2, 10), pair(1, 20)];

  it('joins requests one after the other', () => {
    assert.deepEqual(joinRows(parts), [
      {
        name: 'x',
        datatype: 'FP32',
        shape: [4, 2],
        data: Float32Array.of(0, 1, 10, 11, 12, 13, 20, 21),
      },
      { name: 's', datatype: 'BYTES', shape: [4], data: ['0.0', '10.0', '10.1', '20.0'] },
    ]);
  });

  it('gives each its own back, as views of the same memory', () => {
    const joined = joinRows(parts);
    const split = splitRows(joined, [1, 2, 1]);
    assert.deepEqual(split, parts);
    assert.equal(
      (split[1]?.[0]?.data as Float32Array).buffer,
      (joined[0]?.data as Float32Array).buffer,
    );
  });

  it('keeps all 64 bits of integers', () => {
    const wide = (value: bigint): readonly Tensor[] => [
      { name: 'i', datatype: 'INT64', shape: [1], data: BigInt64Array.of(value) },
    ];
    const both = [wide(2n ** 62n + 1n), wide(-(2n ** 63n))];
    assert.deepEqual(splitRows(joinRows(both), [1, 1]), both);
  });

  it('leaves a request alone as it is', () => {
    const [one] = parts;
    assert.equal(joinRows([one!]), one);
    assert.deepEqual(splitRows(one!, [1]), [one]);
  });

  it('refuses to split what has other rows than went in', () => {
    assert.throws(() => splitRows(pair(3, 0), [1, 1]), {
      name: 'RangeError',
      message: '"x" has 3 rows where 2 went in',
    });
  });

  it('counts rows and bytes', () => {
    assert.equal(rowsOf(pair(3, 0)), 3);
    assert.equal(bytesOf(pair(2, 0)), 4 * 4 + 2 * 3 * 2);
  });
});
