import assert from 'node:assert/strict';
import { formatTable } from '../src/table';

describe('formatTable', () => {
  it('aligns columns and leaves nothing behind the last', () => {
    assert.deepEqual(formatTable(['a', 'long', 'c'], [['wide cell', 'x', 'end']]), [
      'a          long  c',
      'wide cell  x     end',
    ]);
  });

  it('gives colours no room', () => {
    const red = '\u001b[31mno\u001b[39m';
    assert.deepEqual(formatTable(['a', 'b'], [[red, 'x']]), ['a   b', `${red}  x`]);
  });
});
