import assert from 'node:assert/strict';
import { textWidth, wrapLine } from '../../src/dossier/text-width';

describe('textWidth', () => {
  it('knows narrow letters from wide ones, and other scripts from both', () => {
    assert.ok(textWidth('iiii', 10) < textWidth('aaaa', 10));
    assert.ok(textWidth('aaaa', 10) < textWidth('WWWW', 10));
    assert.ok(textWidth('aaaa', 10) < textWidth('منار', 10));
    assert.equal(textWidth('', 10), 0);
  });
});

describe('wrapLine', () => {
  it('breaks where a name has a joint', () => {
    assert.deepEqual(wrapLine('111122223333.dkr.ecr.me-central-1.amazonaws.com', 26), [
      '111122223333.dkr.ecr.me-',
      'central-1.amazonaws.com',
    ]);
    assert.deepEqual(wrapLine('one two three', 8), ['one two', 'three']);
  });

  it('breaks what has none, and keeps every character', () => {
    assert.deepEqual(wrapLine('a'.repeat(7), 3), ['aaa', 'aaa', 'a']);
    assert.deepEqual(wrapLine('', 5), ['']);
  });
});
