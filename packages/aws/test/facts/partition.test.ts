import assert from 'node:assert/strict';
import { places } from '@manara/residency';
import { isInPartition, partitionSource } from '../../src/facts/partition';

describe('isInPartition', () => {
  it('leaves out China, the European Sovereign Cloud and the governments', () => {
    const outside = Object.keys(places)
      .filter((place) => place.startsWith('aws:'))
      .map((place) => place.slice('aws:'.length))
      .filter((region) => !isInPartition(region));
    assert.deepEqual(outside, [
      'cn-north-1',
      'cn-northwest-1',
      'eusc-de-east-1',
      'us-gov-east-1',
      'us-gov-west-1',
    ]);
  });

  it('was read at a primary source', () => {
    assert.equal(partitionSource.standing, 'primary');
  });
});
