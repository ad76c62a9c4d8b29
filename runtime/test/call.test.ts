import assert from 'node:assert/strict';
import { CallerLeft } from '../src/call';

describe('the sign that a caller left', () => {
  it('is given once, to those who still listen', () => {
    const left = new CallerLeft();
    const told: string[] = [];
    const [a, b] = [(): unknown => told.push('a'), (): unknown => told.push('b')];
    left.addEventListener('abort', a);
    left.addEventListener('abort', b);
    left.removeEventListener('abort', a);
    assert.equal(left.aborted, false);
    left.abort();
    left.abort();
    assert.equal(left.aborted, true);
    assert.deepEqual(told, ['b']);
  });
});
