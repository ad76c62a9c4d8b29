import assert from 'node:assert/strict';
import { pattern } from '../../src/access/pattern';

describe('pattern', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['fraud', 'fraud', true],
    ['fraud', 'fraud2', false],
    ['*', '', true],
    ['*', 'any\nthing', true],
    ['fraud-*', 'fraud-', true],
    ['fraud-*', 'xfraud-1', false],
    ['*-eu-*', 'a-eu-b', true],
    ['a.b*', 'axb', false],
    ['ab*ba', 'aba', false],
    ['ab*ba', 'abba', true],
    ['*a*b', 'xxab', true],
    ['*a*b', 'xxba', false],
    ['**', 'x', true],
    ['spiffe://bank/ns/*/sa/payments', 'spiffe://bank/ns/x/sa/payments', true],
    ['(a|b)*', 'a', false],
    ['[ab]*', '[ab]c', true],
  ];
  for (const [text, candidate, matches] of cases) {
    it(`"${text}" ${matches ? 'is' : 'is not'} ${JSON.stringify(candidate)}`, () => {
      assert.equal(pattern(text)(candidate), matches);
    });
  }
});
