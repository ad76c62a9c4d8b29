import assert from 'node:assert/strict';
import { ServingError } from '../../src';

/** Asserts that work is refused with a code and a message. */
export function assertRefused(work: () => unknown, code: string, message: RegExp | string): void {
  assert.throws(work, (error: unknown) => {
    assert.ok(error instanceof ServingError, String(error));
    assert.equal(error.code, code);
    if (typeof message === 'string') assert.equal(error.message, message);
    else assert.match(error.message, message);
    return true;
  });
}
