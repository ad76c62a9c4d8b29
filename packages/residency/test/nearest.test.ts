import assert from 'node:assert/strict';
import { nearest } from '../src/nearest';

describe('nearest', () => {
  const rows: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['uaenorth', ['uaenorth', 'uaenorth2'], ['uaenorth']],
    ['uaenroth', ['uaenorth', 'uaecentral'], ['uaenorth']],
    ['us-eas-1', ['us-east-1', 'us-west-1'], ['us-east-1']],
    ['west-0', ['west-1', 'west-2', 'east-1'], ['west-1', 'west-2']],
    ['abc', ['xyz'], []],
    ['abc', [], []],
    ['', ['ab', 'abc'], ['ab']],
  ];
  for (const [text, candidates, expected] of rows) {
    it(`"${text}" among ${candidates.join(', ')}`, () => {
      assert.deepEqual(nearest(text, candidates), expected);
    });
  }
});
