import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listingName } from '../../src/synth/file-listing';
import { type OutputFile, writeFiles } from '../../src/synth/write-files';
import { temporaryFolder } from '../support/folders';

const program = '/programs/shop';

function files(content: Readonly<Record<string, string>>): readonly OutputFile[] {
  return Object.entries(content).map(([path, text]) => ({ path, text }));
}

/** Every file below a folder but the listing. */
function contentOf(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name !== listingName && statSync(join(folder, name)).isFile())
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}

describe('writeFiles', () => {
  let output: string;

  beforeEach(() => {
    output = join(temporaryFolder(), 'dist');
  });

  it('writes the files, folders and all, and leaves nothing else behind', async () => {
    const content = { 'a/x.yaml': '1', 'b/y.yaml': '2' };
    assert.deepEqual(await writeFiles(output, program, files(content)), { removed: [] });
    assert.deepEqual(contentOf(output), content);
    assert.deepEqual(readdirSync(output).sort(), [listingName, 'a', 'b']);
  });

  it('removes what an earlier run wrote and this one does not, with its empty folder', async () => {
    await writeFiles(output, program, files({ 'a/x.yaml': '1', 'a/z.yaml': '1', 'b/y.yaml': '2' }));
    const { removed } = await writeFiles(output, program, files({ 'a/x.yaml': 'new' }));
    assert.deepEqual(removed, ['a/z.yaml', 'b/y.yaml']);
    assert.deepEqual(contentOf(output), { 'a/x.yaml': 'new' });
    assert.equal(existsSync(join(output, 'b')), false);
  });

  it('never touches files of others, not even in a folder of its own', async () => {
    await writeFiles(output, program, files({ 'a/x.yaml': '1' }));
    writeFileSync(join(output, 'a', 'kustomization.yaml'), 'theirs');
    await writeFiles(output, program, files({ 'b/y.yaml': '2' }));
    assert.deepEqual(contentOf(output), { 'a/kustomization.yaml': 'theirs', 'b/y.yaml': '2' });
  });

  it('refuses to overwrite a file of others, and then writes nothing at all', async () => {
    mkdirSync(join(output, 'b'), { recursive: true });
    writeFileSync(join(output, 'b', 'y.yaml'), 'theirs');
    await assert.rejects(writeFiles(output, program, files({ 'a/x.yaml': '1', 'b/y.yaml': '2' })), {
      name: 'CliError',
      message: `"${join(output, 'b/y.yaml')}" is in the way and was not written by manara synth for this program; move it, or choose another --output`,
    });
    assert.deepEqual(readdirSync(output), ['b']);
    assert.deepEqual(contentOf(output), { 'b/y.yaml': 'theirs' });
  });

  it('adopts a file that already holds what would be written', async () => {
    mkdirSync(output);
    writeFileSync(join(output, 'x.yaml'), 'same');
    await writeFiles(output, program, files({ 'x.yaml': 'same' }));
    await writeFiles(output, program, files({ 'x.yaml': 'changed' }));
    assert.deepEqual(contentOf(output), { 'x.yaml': 'changed' });
  });

  it('refuses a folder where a file must go', async () => {
    mkdirSync(join(output, 'x.yaml'), { recursive: true });
    await assert.rejects(writeFiles(output, program, files({ 'x.yaml': '1' })), /is in the way/);
  });

  it('keeps two programs in one output apart', async () => {
    await writeFiles(output, program, files({ 'a/x.yaml': '1' }));
    await writeFiles(output, '/programs/other', files({ 'b/y.yaml': '2' }));
    await writeFiles(output, program, files({ 'a/z.yaml': '3' }));
    assert.deepEqual(contentOf(output), { 'a/z.yaml': '3', 'b/y.yaml': '2' });
    await assert.rejects(
      writeFiles(output, '/programs/other', files({ 'a/z.yaml': 'other' })),
      /was not written by manara synth for this program/,
    );
  });

  it('refuses a file in place of the output', async () => {
    writeFileSync(output, 'a file');
    await assert.rejects(writeFiles(output, program, files({ 'x.yaml': '1' })), {
      message: `cannot write to "${output}": "${output}" is a file; move it, or choose another --output`,
    });
    assert.equal(readFileSync(output, 'utf8'), 'a file');
  });

  it('names the file that is in place of a folder below the output', async () => {
    mkdirSync(output);
    writeFileSync(join(output, 'a'), 'a file');
    await assert.rejects(writeFiles(output, program, files({ 'a/x.yaml': '1' })), {
      message: `cannot write to "${output}": "${join(output, 'a')}" is a file; move it, or choose another --output`,
    });
  });

  it('leaves everything as it was where a file cannot be staged', async () => {
    await writeFiles(output, program, files({ 'a/x.yaml': 'old' }));
    const listing = readFileSync(join(output, listingName), 'utf8');
    const tooLong = `${'n'.repeat(300)}.yaml`;
    await assert.rejects(
      writeFiles(output, program, files({ 'a/x.yaml': 'new', [tooLong]: '1' })),
      /cannot write to .*ENAMETOOLONG/,
    );
    assert.deepEqual(contentOf(output), { 'a/x.yaml': 'old' });
    assert.equal(readFileSync(join(output, listingName), 'utf8'), listing);
    assert.deepEqual(readdirSync(output).sort(), [listingName, 'a']);
  });

  it('refuses a listing that it cannot trust', async () => {
    mkdirSync(output);
    for (const listing of [
      'not JSON',
      '{"version": 2, "programs": {}}',
      '{"version": 1, "programs": {"x": ["../../etc/passwd"]}}',
      '{"version": 1, "programs": {"x": ["/etc/passwd"]}}',
      '{"version": 1, "programs": {"x": [7]}}',
    ]) {
      writeFileSync(join(output, listingName), listing);
      await assert.rejects(
        writeFiles(output, program, files({ 'x.yaml': '1' })),
        /\.manara-files\.json: is not/,
      );
    }
    assert.deepEqual(contentOf(output), {});
  });
});
