import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { GraphFolder } from '../../src/graphs/graph-folder';
import { TemporaryRepository } from '../support/temporary';

const key = 'a'.repeat(64);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('GraphFolder', () => {
  const files = new TemporaryRepository();
  let path = '';
  let folder = new GraphFolder(path, 1000);

  beforeEach(() => {
    path = join(files.folder, `graphs-${Math.random()}`);
    folder = new GraphFolder(path, 1000);
  });
  after(() => {
    files.remove();
  });

  async function keep(text: string, as = key): Promise<string> {
    const draft = await folder.draft(as);
    writeFileSync(draft, text);
    return folder.keep(draft, as);
  }

  it('finds what it keeps, under the key alone, for any server', async () => {
    assert.equal(await folder.find(key), undefined);
    const kept = await keep('graph');
    assert.equal(basename(kept), `${key}-${sha256('graph')}.onnx`);
    assert.deepEqual(readdirSync(path), [basename(kept)]);
    assert.equal(await new GraphFolder(path, 1).find(key), kept);
    assert.equal(await folder.find('b'.repeat(64)), undefined);
    assert.equal(readFileSync(kept, 'utf8'), 'graph');
  });

  it('sees nothing of a graph that is not whole yet', async () => {
    writeFileSync(await folder.draft(key), 'gra');
    assert.equal(await folder.find(key), undefined);
  });

  it('removes what is damaged, once', async () => {
    const kept = await keep('graph');
    writeFileSync(kept, 'grapx');
    await assert.rejects(folder.find(key), { message: 'the graph that was kept is damaged' });
    assert.equal(await folder.find(key), undefined);
  });

  it('does not wait for what is no file', async () => {
    await keep('other', 'b'.repeat(64));
    const pipe = join(path, `${key}-${sha256('graph')}.onnx`);
    execFileSync('mkfifo', [pipe]);
    await assert.rejects(folder.find(key), { message: 'the graph that was kept is damaged' });
    assert.equal(existsSync(pipe), false);
  });

  it('removes what was unused the longest to make room, and nothing of others', async () => {
    const [first, second] = [await keep('1'.repeat(400), key), await keep('2'.repeat(400), key)];
    const foreign = join(path, 'notes.onnx');
    writeFileSync(foreign, 'x'.repeat(5000));
    for (const one of [first, second, foreign]) utimesSync(one, 1, 1);
    utimesSync(second, 2, 2);
    const third = await keep('3'.repeat(400), 'b'.repeat(64));
    assert.deepEqual([first, second, third, foreign].map(existsSync), [false, true, true, true]);
  });

  it('counts finding as use', async () => {
    const kept = await keep('graph');
    utimesSync(kept, 1, 1);
    await folder.find(key);
    assert.ok(Date.now() - statSync(kept).mtimeMs < 60_000);
  });

  it('does not keep what is larger than all may be', async () => {
    await assert.rejects(keep('x'.repeat(1001)), {
      message: 'its 1001 bytes are more than "graphs.maxBytes", 1000',
    });
  });

  it('removes drafts that nobody finished, and none of today', async () => {
    const [old, young] = [await folder.draft(key), await folder.draft(key)];
    for (const draft of [old, young]) writeFileSync(draft, 'gra');
    utimesSync(old, 1, 1);
    await keep('graph');
    assert.deepEqual([existsSync(old), existsSync(young)], [false, true]);
  });
});
