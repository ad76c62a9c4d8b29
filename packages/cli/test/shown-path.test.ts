import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { shownPath } from '../src/shown-path';

describe('shownPath', () => {
  it('is relative below the working directory, and absolute elsewhere', () => {
    assert.equal(shownPath(process.cwd()), '.');
    assert.equal(shownPath(join(process.cwd(), 'dist', 'office')), join('dist', 'office'));
    assert.equal(shownPath(join(process.cwd(), '..dist')), '..dist');
    const above = dirname(process.cwd());
    assert.equal(shownPath(above), above);
    assert.equal(shownPath(join(above, 'beside')), join(above, 'beside'));
  });
});
