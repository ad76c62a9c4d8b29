import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asServingError, errorCodes, errors } from '../src/errors';

describe('errors', () => {
  it('uses no code twice', () => {
    assert.equal(new Set(errorCodes).size, errorCodes.length);
    assert.equal(errorCodes.length, Object.keys(errors).length);
  });

  it('documents every code', () => {
    const page = join(__dirname, '..', '..', '..', 'docs', 'server.md');
    const text = readFileSync(page, 'utf8');
    assert.deepEqual(
      errorCodes.filter((code) => !text.includes(`\`${code}\``)),
      [],
    );
  });

  it('keeps what went wrong inside from callers', () => {
    const error = asServingError(new Error('a secret path'));
    assert.equal(error.httpStatus, 500);
    assert.equal(error.grpcStatus, 'INTERNAL');
    assert.doesNotMatch(error.message, /secret/);
  });
});
