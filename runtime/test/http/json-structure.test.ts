import assert from 'node:assert/strict';
import { checkStructure } from '../../src/http/json-structure';

function check(text: string): void {
  checkStructure(Buffer.from(text));
}

describe('checkStructure', () => {
  const limit = 262_144;

  it('counts arrays, objects and fields', () => {
    check(`[${'[],'.repeat(limit - 1)}1]`);
    assert.throws(() => {
      check(`[${'[],'.repeat(limit)}1]`);
    }, /holds 262145 arrays, objects and fields; the limit is 262144: send tensors flat/);
    assert.throws(() => {
      check(`[${'{"a":1},'.repeat(limit / 2)}1]`);
    }, /holds 262145 arrays/);
  });

  it('counts nothing inside strings, and no numbers', () => {
    check(`["${'[{:'.repeat(limit)}", ${'1,'.repeat(limit * 2)}1]`);
    check(`["\\\\", "\\"${'['.repeat(limit)}"]`);
    assert.throws(() => {
      check(`["\\\\"${',['.repeat(limit)}`);
    }, /JSON holds 262145/);
  });
});
