import assert from 'node:assert/strict';
import { ConstructError, type ConstructErrorCode } from '../../src';

/** Asserts that `act` throws a ConstructError of this code whose message holds all these texts. */
export function refuses(
  act: () => unknown,
  code: ConstructErrorCode,
  ...texts: readonly string[]
): void {
  assert.throws(act, (error) => {
    assert(error instanceof ConstructError, String(error));
    assert.equal(error.code, code);
    for (const text of texts) assert(error.message.includes(text), error.message);
    assert(error.message.endsWith(`(${code})`), error.message);
    return true;
  });
}
