import assert from 'node:assert/strict';
import { ModelVersion } from '../src';
import { refuses } from './support/errors';
import { newArtifact } from './support/fixtures';

describe('ModelVersion', () => {
  it('is an artifact with a number', () => {
    const artifact = newArtifact();
    const version = new ModelVersion(3, artifact);
    assert.equal(version.number, 3);
    assert.equal(version.artifact, artifact);
  });

  for (const number of [0, -1, 1.5, NaN, 2 ** 53]) {
    it(`refuses the number ${number}`, () => {
      refuses(
        () => new ModelVersion(number, newArtifact()),
        'MANARA_VERSIONS',
        `received ${number}`,
        'positive integer',
      );
    });
  }
});
