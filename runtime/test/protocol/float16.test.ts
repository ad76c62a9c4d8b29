import assert from 'node:assert/strict';
import { halfToNumber, numberToHalf } from '../../src/protocol/float16';

describe('float16', () => {
  it('gives every one of the 65,536 halves back as it was', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = halfToNumber(bits);
      if (Number.isNaN(value)) assert.equal(numberToHalf(value), 0x7e00);
      else assert.equal(numberToHalf(value), bits, `0x${bits.toString(16)} = ${value}`);
    }
  });

  it('knows the values that the standard lists', () => {
    assert.equal(halfToNumber(0x3c00), 1);
    assert.equal(halfToNumber(0xc000), -2);
    assert.equal(halfToNumber(0x7bff), 65504);
    assert.equal(halfToNumber(0x0001), 2 ** -24);
    assert.equal(halfToNumber(0x3555), 0.333251953125);
    assert.ok(Object.is(halfToNumber(0x8000), -0));
  });

  it('rounds to the nearest half, ties to even', () => {
    assert.equal(numberToHalf(1 + 2 ** -11), 0x3c00);
    assert.equal(numberToHalf(1 + 3 * 2 ** -11), 0x3c02);
    assert.equal(numberToHalf(1 + 2 ** -11 + 2 ** -30), 0x3c01);
    assert.equal(numberToHalf(2 ** -25), 0);
    assert.equal(numberToHalf(2 ** -25 + 2 ** -40), 1);
    assert.equal(numberToHalf(65519.99), 0x7bff);
    assert.equal(numberToHalf(65520), 0x7c00);
    assert.equal(numberToHalf(-1e300), 0xfc00);
  });
});
