import assert from 'node:assert/strict';
import { isLate } from '../src';

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
