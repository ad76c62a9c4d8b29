import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  contains,
  formatRange,
  overlaps,
  parseRange,
  type Range,
  rangeAt,
  sizeOf,
} from '../../src/cloud/cidr';

const ranges = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 1, max: 32 }))
  .map(([address, prefix]): Range => {
    const size = 2 ** (32 - prefix);
    return { first: Math.floor(address / size) * size, prefix };
  });

const parsed = (text: string): Range => {
  const range = parseRange(text);
  assert(range !== undefined, text);
  return range;
};

describe('parseRange', () => {
  it('reads what formatRange writes', () => {
    fc.assert(
      fc.property(ranges, (range) => {
        assert.deepEqual(parseRange(formatRange(range)), range);
      }),
    );
  });

  it('reads an address as a number', () => {
    assert.deepEqual(parseRange('10.20.0.0/16'), {
      first: 10 * 2 ** 24 + 20 * 2 ** 16,
      prefix: 16,
    });
    assert.deepEqual(parseRange('255.255.255.255/32'), { first: 2 ** 32 - 1, prefix: 32 });
  });

  for (const text of [
    '10.20.0.1/16',
    '10.20.0.0',
    '10.20.0.0/33',
    '256.0.0.0/8',
    '10.0.0/8',
    '::/0',
  ]) {
    it(`takes ${text} for no range`, () => {
      assert.equal(parseRange(text), undefined);
    });
  }
});

describe('overlaps', () => {
  it('holds for two ranges exactly where one contains the other', () => {
    fc.assert(
      fc.property(ranges, ranges, (a, b) => {
        assert.equal(overlaps(a, b), contains(a, b) || contains(b, a));
      }),
    );
  });

  it('tells neighbours apart', () => {
    assert.equal(overlaps(parsed('10.20.0.0/16'), parsed('10.21.0.0/16')), false);
    assert.equal(overlaps(parsed('10.20.0.0/16'), parsed('10.20.255.0/24')), true);
  });
});

describe('rangeAt', () => {
  it('gives ranges that follow one another', () => {
    const whole = parsed('10.20.0.0/16');
    assert.equal(formatRange(rangeAt(whole, 0, 18)), '10.20.0.0/18');
    assert.equal(formatRange(rangeAt(whole, sizeOf(parsed('10.0.0.0/18')), 18)), '10.20.64.0/18');
  });
});
