import assert from 'node:assert/strict';
import { requestDirectives } from '../../src/cache/directives';

describe('requestDirectives', () => {
  const cases: readonly (readonly [string | undefined, boolean, number])[] = [
    [undefined, false, Infinity],
    ['', false, Infinity],
    ['no-store', true, Infinity],
    ['No-Cache', false, 0],
    ['max-age=30', false, 30],
    ['max-age="30"', false, 30],
    ['max-age = 5 , no-store', true, 5],
    ['max-age=60, max-age=10', false, 10],
    ['max-age=soon', false, 0],
    ['max-age', false, 0],
    ['no-transform, max-stale=10', false, Infinity],
  ];
  for (const [value, noStore, maxAgeSeconds] of cases) {
    it(`of ${JSON.stringify(value)}`, () => {
      assert.deepEqual(requestDirectives(value), { noStore, maxAgeSeconds });
    });
  }
});
