import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { availableCores } from '../../src/engine/cores';

describe('availableCores', () => {
  const machine = availableParallelism();
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'manara-cores-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is what the machine has where the container has no limit', () => {
    assert.equal(availableCores(folder), machine);
    writeFileSync(join(folder, 'cpu.max'), 'max 100000\n');
    assert.equal(availableCores(folder), machine);
  });

  it('is no more than the container is given, and never none', () => {
    const given = (limit: string): number => {
      writeFileSync(join(folder, 'cpu.max'), limit);
      return availableCores(folder);
    };
    assert.equal(given('100000 100000\n'), 1);
    assert.equal(given('199000 100000\n'), 1);
    assert.equal(given('50000 100000\n'), 1);
    assert.equal(given(`${machine + 3}00000 100000\n`), machine);
  });

  it('reads the older form as well', () => {
    mkdirSync(join(folder, 'cpu'));
    writeFileSync(join(folder, 'cpu', 'cpu.cfs_quota_us'), '100000\n');
    writeFileSync(join(folder, 'cpu', 'cpu.cfs_period_us'), '100000\n');
    assert.equal(availableCores(folder), 1);
    writeFileSync(join(folder, 'cpu', 'cpu.cfs_quota_us'), '-1\n');
    assert.equal(availableCores(folder), machine);
  });
});
