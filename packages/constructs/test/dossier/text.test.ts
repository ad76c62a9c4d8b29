import assert from 'node:assert/strict';
import { duration, joined, list, plain, say, words } from '../../src/dossier/text';

describe('say', () => {
  it('sets texts that are filled in apart, and nothing else', () => {
    const inner = say`of ${'b'}`;
    assert.deepEqual(say`pods ${'a'}: ${2} ${inner}.`, [
      'pods ',
      { code: 'a' },
      ': ',
      '2',
      ' ',
      'of ',
      { code: 'b' },
      '.',
    ]);
  });

  it('lists names as code, and words as they are', () => {
    assert.deepEqual(say`${list(['a', 'b'])}`, [{ code: 'a' }, ', ', { code: 'b' }]);
    assert.deepEqual(say`${words(['a', 'b'])}`, ['a, b']);
    assert.equal(plain(joined([say`x`, say`${'y'}`], '; ')), 'x; y');
    assert.deepEqual(list([]), []);
  });

  it('says seconds as people do', () => {
    assert.deepEqual(
      [1, 60, 90, 120, 600].map((seconds) => plain(duration(seconds))),
      ['1 second', '60 seconds', '90 seconds', '2 minutes', '10 minutes'],
    );
  });
});
