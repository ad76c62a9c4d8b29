import assert from 'node:assert/strict';
import { isLate, lateNamesIn } from '../src';

describe('isLate', () => {
  for (const text of ['${late:bucket}', 's3://${late:bucket-uri}/a', '{"a":"${late:x.y~2}"}']) {
    it(`${text} is`, () => {
      assert.equal(isLate(text), true);
      assert.equal(isLate(text), true, 'asked twice: the pattern keeps no state');
    });
  }
  for (const text of ['', '$late:x', '${late:}', '${env:x}', 'late:x']) {
    it(`${text === '' ? '(none)' : text} is not`, () => {
      assert.equal(isLate(text), false);
    });
  }
});

describe('lateNamesIn', () => {
  it('names each value once, whichever of its sources a marker stands for', () => {
    const text = 's3://${late:bucket}/${late:a.b}/${late:bucket~2}';
    assert.deepEqual(lateNamesIn(text), ['bucket', 'a.b']);
    assert.deepEqual(lateNamesIn('s3://bucket'), []);
  });
});
