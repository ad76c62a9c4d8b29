import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AuditFile } from '../../src/access/audit-file';
import { TemporaryRepository } from '../support/temporary';

describe('AuditFile', () => {
  let folder: TemporaryRepository;
  let path: string;
  beforeEach(() => {
    folder = new TemporaryRepository();
    path = join(folder.folder, 'audit.log');
  });
  afterEach(() => {
    folder.remove();
  });

  it('adds lines in their order, to what is there, for its owner only', async () => {
    const first = await AuditFile.open(path);
    await Promise.all(['1\n', '2\n', '3\n'].map((line) => first.deliver(line)));
    await first.close();
    const second = await AuditFile.open(path);
    await second.deliver('4\n');
    await second.close();
    assert.equal(readFileSync(path, 'utf8'), '1\n2\n3\n4\n');
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it('begins a new file once the old one is moved or removed', async () => {
    const file = await AuditFile.open(path);
    await file.deliver('1\n');
    renameSync(path, `${path}.1`);
    await file.deliver('2\n');
    assert.equal(readFileSync(`${path}.1`, 'utf8'), '1\n');
    assert.equal(readFileSync(path, 'utf8'), '2\n');
    rmSync(path);
    await file.deliver('3\n');
    assert.equal(readFileSync(path, 'utf8'), '3\n');
    await file.close();
  });

  it('says of each line that it could not be written, and goes on with the next', async () => {
    const file = await AuditFile.open(path);
    rmSync(folder.folder, { recursive: true });
    await assert.rejects(file.deliver('1\n'), { code: 'ENOENT' });
    assert.equal(existsSync(path), false);
    folder.write('audit.log', '');
    await file.deliver('2\n');
    assert.equal(readFileSync(path, 'utf8'), '2\n');
    await file.close();
  });

  it('refuses to begin with a file that it cannot open', async () => {
    await assert.rejects(AuditFile.open(join(path, 'x')), {
      name: 'ConfigurationError',
      message: /^audit\.file cannot be written: ENOENT/,
    });
  });
});
