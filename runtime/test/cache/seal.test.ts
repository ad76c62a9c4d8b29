import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartError } from '../../src';
import { Seal } from '../../src/cache/seal';
import { cacheSecrets } from '../../src/cache/secrets';

describe('Seal', () => {
  const seal = new Seal(Buffer.alloc(32, 1));
  const value = Buffer.from('an answer');

  it('opens what it closed, and shows nothing of it', () => {
    const sealed = seal.close('name', value);
    assert.deepEqual(seal.open('name', sealed), value);
    assert.equal(sealed.includes(value), false);
    assert.notDeepEqual(seal.close('name', value), sealed);
  });

  it('does not open what was changed, moved to another name, cut, of another key or form', () => {
    const sealed = seal.close('name', value);
    for (let i = 0; i < sealed.byteLength; i++) {
      const changed = Buffer.from(sealed);
      changed[i] = (changed[i] ?? 0) ^ 1;
      assert.equal(seal.open('name', changed), undefined, `byte ${i}`);
    }
    assert.equal(seal.open('other', sealed), undefined);
    assert.equal(seal.open('name', sealed.subarray(0, -1)), undefined);
    assert.equal(seal.open('name', Buffer.alloc(0)), undefined);
    assert.equal(new Seal(Buffer.alloc(32, 2)).open('name', sealed), undefined);
  });
});

describe('cacheSecrets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'manara-test-'));
  const write = (name: string, bytes: number): string => {
    writeFileSync(join(folder, name), Buffer.alloc(bytes, 5));
    return join(folder, name);
  };

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('come from the file alone, one for each use', () => {
    const file = write('secret', 32);
    const { hashKey, sealKey } = cacheSecrets(file);
    assert.deepEqual(cacheSecrets(file), { hashKey, sealKey });
    assert.notDeepEqual(hashKey, sealKey);
    assert.notDeepEqual(cacheSecrets().hashKey, cacheSecrets().hashKey);
  });

  it('are refused from a file that is missing or short, with what makes a good one', () => {
    assert.throws(() => cacheSecrets(join(folder, 'none')), /cannot be read: ENOENT/);
    assert.throws(
      () => cacheSecrets(write('short', 31)),
      (error) =>
        error instanceof StartError && /holds 31 bytes; expected 32.*openssl/.test(error.message),
    );
  });
});
