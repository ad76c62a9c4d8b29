import assert from 'node:assert/strict';
import { BucketCounts } from '../../src/telemetry/bucket-counts';

describe('BucketCounts', () => {
  function counted(...values: readonly number[]): BucketCounts {
    const counts = new BucketCounts([1, 2, 4]);
    for (const value of values) counts.observe(value);
    return counts;
  }

  it('counts a value in the first bucket whose bound it does not exceed', () => {
    const counts = counted(0, 1, 1.5, 4, 5);
    assert.deepEqual([counts.buckets, counts.sum, counts.count], [[2, 1, 1, 1], 11.5, 5]);
  });

  it('tells what came after a copy', () => {
    const counts = counted(1, 3);
    const before = counts.copy();
    counts.observe(3);
    const since = counts.since(before);
    assert.deepEqual([since.buckets, since.sum], [[0, 0, 1, 0], 3]);
    assert.deepEqual(before.buckets, [1, 0, 1, 0]);
  });

  it('adds up', () => {
    const counts = counted(1);
    counts.add(counted(3, 9));
    assert.deepEqual([counts.buckets, counts.sum], [[1, 0, 1, 1], 13]);
  });

  it('places a quantile within its bucket in proportion', () => {
    const counts = counted(1, 3, 3, 3);
    assert.equal(counts.quantile(0.25), 1);
    assert.equal(counts.quantile(0.625), 3);
    assert.equal(counts.quantile(1), 4);
  });

  it('takes what is beyond the last bound for that bound', () => {
    assert.equal(counted(100).quantile(0.99), 4);
  });

  it('has no quantile of nothing', () => {
    assert.equal(counted().quantile(0.5), undefined);
  });
});
