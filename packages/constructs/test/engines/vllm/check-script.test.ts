import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkScript } from '../../../src/engines/vllm/vllm-pod';

/** What the init container runs, by the shell that is here. */
describe('the check of a folder of safetensors', () => {
  let folder: string;
  let digest: string;

  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const check = (expected = digest): number | null =>
    spawnSync('sh', ['-ec', checkScript, 'check', folder, expected]).status;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'manara-safetensors-'));
    const files = {
      'config.json': '{}',
      'model-00001.safetensors': 'weights',
      'tok/a b.json': '[]',
    };
    mkdirSync(join(folder, 'tok'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const sums = Object.entries(files)
      .map(([name, text]) => `${sha256(text)}  ${name}\n`)
      .join('');
    writeFileSync(join(folder, 'SHA256SUMS'), sums);
    digest = sha256(sums);
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('passes what was published', () => {
    assert.equal(check(), 0);
  });

  it('refuses another list, a changed file, one that is missing, and one that is too many', () => {
    assert.notEqual(check('0'.repeat(64)), 0);
    writeFileSync(join(folder, 'extra.py'), '');
    assert.notEqual(check(), 0, 'one too many');
    rmSync(join(folder, 'extra.py'));
    assert.equal(check(), 0);
    writeFileSync(join(folder, 'config.json'), '[]');
    assert.notEqual(check(), 0, 'changed');
    rmSync(join(folder, 'config.json'));
    assert.notEqual(check(), 0, 'missing');
  });
});
