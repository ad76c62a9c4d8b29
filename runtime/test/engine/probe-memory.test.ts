import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { probeOnce } from '../../src/engine/probe-memory';
import { add } from '../support/models';
import { TemporaryRepository } from '../support/temporary';

describe('probeOnce', () => {
  const files = new TemporaryRepository();
  const none = { script: '/does/not/exist.js' };
  let file = '';
  let folder = '';

  beforeEach(() => {
    file = files.write('model.onnx', add());
    folder = join(files.folder, `probed-${Math.random()}`);
    mkdirSync(folder);
  });
  after(() => {
    files.remove();
  });

  it('does not probe a file again that it knows', async () => {
    const first = await probeOnce(file, {}, folder);
    assert.deepEqual(await probeOnce(file, none, folder), first);
    assert.equal(first.traits.keepsRowsApart, true);
  });

  it('probes a file again that changed, and one that was refused', async () => {
    await probeOnce(file, {}, folder);
    utimesSync(file, 1, 1);
    await assert.rejects(probeOnce(file, none, folder));
    await assert.rejects(probeOnce(file, none, folder));
  });

  it('probes again where the verdict cannot be read, or kept', async () => {
    const first = await probeOnce(file, {}, folder);
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), 'torn');
    assert.deepEqual(await probeOnce(file, {}, folder), first);
    assert.deepEqual(await probeOnce(file, {}, join(folder, 'away')), first);
  });

  it('keeps nothing where nobody watches over the server', async () => {
    await probeOnce(file, {}, undefined);
    await assert.rejects(probeOnce(file, none, undefined));
  });
});
