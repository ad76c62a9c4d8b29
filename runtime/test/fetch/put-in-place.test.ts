import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { putInPlace, stagingOf } from '../../src/fetch/put-in-place';

describe('putInPlace', () => {
  let repository: string;
  beforeEach(async () => {
    repository = await mkdtemp(join(tmpdir(), 'manara-place-'));
  });
  afterEach(() => rm(repository, { recursive: true }));

  const path = 'fraud/1/model.onnx';
  const putAs = (bring: (to: string) => Promise<void>) =>
    putInPlace(repository, 'fraud/1', [{ name: 'model.onnx', bring }]);
  const put = (content: string) => putAs((to) => writeFile(to, content));

  it('shows nothing of a version until its file is whole', async () => {
    await putAs(async (to) => {
      await writeFile(to, 'weights');
      assert.deepEqual(await readdir(repository), ['.fetch']);
    });
    assert.equal(await readFile(join(repository, path), 'utf8'), 'weights');
    assert.deepEqual(await readdir(stagingOf(repository)), []);
  });

  it('adds a version to a model that is there', async () => {
    await mkdir(join(repository, 'fraud/2'), { recursive: true });
    await writeFile(join(repository, 'fraud/config.pbtxt'), 'of an administrator');
    await put('one');
    assert.deepEqual((await readdir(join(repository, 'fraud'))).sort(), ['1', '2', 'config.pbtxt']);
    assert.equal(await readFile(join(repository, path), 'utf8'), 'one');
  });

  it('replaces the file alone where the folder holds others', async () => {
    await mkdir(join(repository, 'fraud/1'), { recursive: true });
    await writeFile(join(repository, 'fraud/1/notes.txt'), 'kept');
    await put('first');
    await put('second');
    assert.equal(await readFile(join(repository, path), 'utf8'), 'second');
    assert.equal(await readFile(join(repository, 'fraud/1/notes.txt'), 'utf8'), 'kept');
  });

  it('shows several files together, and each in its place where the folder is there', async () => {
    const both = (content: string) =>
      putInPlace(
        repository,
        'fraud/1',
        ['explain.json', 'model.onnx'].map((name) => ({
          name,
          bring: async (to) => {
            await writeFile(to, `${name} ${content}`);
            if (content === 'one') assert.deepEqual(await readdir(repository), ['.fetch']);
          },
        })),
      );
    for (const content of ['one', 'two']) {
      await both(content);
      for (const name of ['explain.json', 'model.onnx']) {
        const text = await readFile(join(repository, 'fraud/1', name), 'utf8');
        assert.equal(text, `${name} ${content}`);
      }
    }
  });

  it('leaves nothing where the file could not be brought', async () => {
    const fault = new Error('no');
    await assert.rejects(
      putAs(() => Promise.reject(fault)),
      fault,
    );
    assert.deepEqual(await readdir(repository), ['.fetch']);
    assert.deepEqual(await readdir(stagingOf(repository)), []);
  });

  it('says what stands where the file belongs', async () => {
    await mkdir(join(repository, path), { recursive: true });
    await assert.rejects(put('x'), { code: 'EISDIR' });
  });
});
