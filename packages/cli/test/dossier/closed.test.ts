import assert from 'node:assert/strict';
import { plain, say } from '@manara/constructs';
import { closed } from '../../src/dossier/closed';

describe('closed', () => {
  it('ends a sentence once', () => {
    const ends = ['Done', 'Done.', 'Why?', 'So:'].map((text) => plain(closed([text])));
    assert.deepEqual(ends, ['Done.', 'Done.', 'Why?', 'So:']);
    assert.equal(plain(closed(say`of ${'a.b'}`)), 'of a.b.');
  });
});
