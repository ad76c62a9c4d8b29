import assert from 'node:assert/strict';
import { Absent, none } from '../src';
import { unlessAbsent } from '../src/absent';
import { refuses } from './support/errors';

describe('none', () => {
  it('keeps the reason', () => {
    assert.equal(none('one site').reason, 'one site');
  });

  for (const reason of ['', '   ']) {
    it(`refuses the reason "${reason}"`, () => {
      refuses(() => none(reason), 'MANARA_REASON', 'expected why');
    });
  }
});

describe('Absent.isAbsent', () => {
  it('knows an absence, and one of a second copy of the package, by its brand', () => {
    const foreign = { reason: 'r', [Symbol.for('@manara/constructs.Absent')]: true };
    assert.equal(Absent.isAbsent(none('r')), true);
    assert.equal(Absent.isAbsent(foreign), true);
    assert.equal(Absent.isAbsent({ reason: 'r' }), false);
    assert.equal(Absent.isAbsent(undefined), false);
  });
});

describe('unlessAbsent', () => {
  it('gives what is declared, and nothing for an absence or for nothing', () => {
    const sink = { place: 'onprem:x' };
    assert.equal(unlessAbsent(sink), sink);
    assert.equal(unlessAbsent(none('r')), undefined);
    assert.equal(unlessAbsent(undefined), undefined);
  });
});
