import assert from 'node:assert/strict';
import fc from 'fast-check';
import { draw, fraction, pseudonym } from '../../src/variants/draw';

const units = Array.from({ length: 4000 }, (_, i) => `customer-${i}`);

function shares(weights: Readonly<Record<string, number>>, salt = ''): Map<string, string> {
  const options = Object.entries(weights).map(([name, weight]) => ({ name, weight }));
  return new Map(units.map((unit) => [unit, draw(options, salt, unit) ?? '']));
}

function share(drawn: ReadonlyMap<string, string>, name: string): number {
  return [...drawn.values()].filter((one) => one === name).length / drawn.size;
}

describe('draw', () => {
  it('draws by weight', () => {
    const drawn = shares({ a: 70, b: 20, c: 10, never: 0 });
    for (const [name, expected] of Object.entries({ a: 0.7, b: 0.2, c: 0.1 })) {
      // Four standard deviations of 4000 draws.
      assert.ok(Math.abs(share(drawn, name) - expected) < 0.03, `${name}: ${share(drawn, name)}`);
    }
    assert.equal(share(drawn, 'never'), 0);
  });

  it('gives the same unit the same, whatever the order', () => {
    fc.assert(
      fc.property(fc.string(), (unit) => {
        const options = ['a', 'b', 'c'].map((name) => ({ name, weight: 1 }));
        assert.equal(draw(options, '', unit), draw([...options].reverse(), '', unit));
      }),
    );
  });

  it('moves only to the variant whose weight grew', () => {
    const before = shares({ a: 90, b: 10 });
    const after = shares({ a: 90, b: 30 });
    const moved = units.filter((unit) => before.get(unit) !== after.get(unit));
    assert.deepEqual(new Set(moved.map((unit) => after.get(unit))), new Set(['b']));
    assert.ok(Math.abs(share(after, 'b') - 0.25) < 0.03);
  });

  it('draws anew with another salt', () => {
    const [one, other] = [shares({ a: 1, b: 1 }), shares({ a: 1, b: 1 }, 'other')];
    const same = units.filter((unit) => one.get(unit) === other.get(unit)).length / units.length;
    assert.ok(Math.abs(same - 0.5) < 0.04, String(same));
  });

  it('draws nothing where no weight is above 0', () => {
    assert.equal(draw([{ name: 'a', weight: 0 }], '', 'x'), undefined);
    assert.equal(draw([], '', 'x'), undefined);
  });
});

describe('fraction', () => {
  it('lies between 0 and 1, both excluded', () => {
    for (const unit of units) {
      const value = fraction('', unit);
      assert.ok(value > 0 && value < 1);
    }
  });
});

describe('pseudonym', () => {
  it('is the same for the same unit and salt, and shows neither', () => {
    assert.equal(pseudonym('salt', 'layla'), pseudonym('salt', 'layla'));
    assert.notEqual(pseudonym('salt', 'layla'), pseudonym('other', 'layla'));
    assert.match(pseudonym('salt', 'layla'), /^[\w-]{22}$/);
  });
});
