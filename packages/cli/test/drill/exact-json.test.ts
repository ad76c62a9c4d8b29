import assert from 'node:assert/strict';
import { parseExactJson } from '../../src/drill/exact-json';

describe('parseExactJson', () => {
  it('keeps every digit of integers that a number cannot hold', () => {
    assert.deepEqual(parseExactJson('[9007199254740993,-9223372036854775808,9007199254740991]'), [
      '9007199254740993',
      '-9223372036854775808',
      9007199254740991,
    ]);
  });

  it('leaves floats, and digits inside of texts, alone', () => {
    const text =
      '{"a 9007199254740993":[0.12345678901234567,1e300,1234567890123456789.5,"\\"9007199254740993"]}';
    assert.deepEqual(parseExactJson(text), JSON.parse(text));
  });
});
