import assert from 'node:assert/strict';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LocalServer, rangeServer, serve, sha256, Workplace } from './bench';

describe('manara-server fetch --cache', () => {
  const weights = Buffer.alloc(10_000, 'weights');
  let content: Buffer;
  let place: Workplace;
  let server: LocalServer;
  let cache: string;

  beforeEach(async () => {
    content = weights;
    place = await Workplace.create();
    cache = join(place.folder, 'cache');
    server = await serve(rangeServer(() => content));
    await place.describe(`${server.origin}/a`, sha256(weights));
  });
  afterEach(async () => {
    await server.close();
    await place.remove();
  });

  /** Fetches into a repository of its own. */
  async function elsewhere(name: string, ...flags: readonly string[]) {
    const outcome = await place.fetch('--model-repository', join(place.folder, name), ...flags);
    return { ...outcome, file: join(place.folder, name, 'fraud', '1', 'model.onnx') };
  }
  const cached = (digest: string) => join(cache, 'sha256', digest);

  it('asks once for what two repositories need, and keeps it once', async () => {
    const first = await elsewhere('a', '--cache', cache);
    const second = await elsewhere('b', '--cache', cache);
    assert.deepEqual([first.code, second.code], [0, 0]);
    assert.equal(server.seen.length, 1);
    assert.deepEqual(
      second.logs.map((l) => l.event),
      ['model_cached'],
    );
    assert.deepEqual(await readFile(second.file), weights);
    const [one, other, kept] = await Promise.all(
      [first.file, second.file, cached(sha256(weights))].map((file) => stat(file)),
    );
    assert.equal(one?.ino, kept?.ino);
    assert.equal(other?.ino, kept?.ino);
    assert.equal(kept?.mode, 0o100444);
    assert.deepEqual(await readdir(join(cache, 'partial')), []);
  });

  it('goes by the digest, whatever the address', async () => {
    await elsewhere('a', '--cache', cache);
    await place.describe('s3://some-bucket/other/key', sha256(weights));
    assert.equal((await elsewhere('b', '--cache', cache)).code, 0);
  });

  it('fetches again what was damaged', async () => {
    await elsewhere('a', '--cache', cache);
    await chmod(cached(sha256(weights)), 0o644);
    await writeFile(cached(sha256(weights)), 'damaged');
    const { code, file } = await elsewhere('b', '--cache', cache);
    assert.equal(code, 0);
    assert.equal(server.seen.length, 2);
    assert.deepEqual(await readFile(file), weights);
  });

  it('drops what was used longest ago, and nothing that the configuration lists', async () => {
    const bound = ['--cache', cache, '--cache-bytes', '15000'];
    const contents = ['a', 'b', 'c'].map((letter) => Buffer.alloc(7000, letter));
    for (const [i, bytes] of contents.entries()) {
      content = bytes;
      await place.describe(`${server.origin}/a`, sha256(bytes));
      await elsewhere(`repository-${i}`, ...bound);
    }
    const [, second, third] = contents.map(sha256);
    assert.deepEqual(await readdir(join(cache, 'sha256')), [second, third].sort());
    await elsewhere('again', '--cache', cache, '--cache-bytes', '0');
    assert.deepEqual(await readdir(join(cache, 'sha256')), [third]);
  });

  it('needs a folder to be bounded', async () => {
    const { code, stderr } = await place.fetch('--cache-bytes', '5');
    assert.equal(code, 2);
    assert.match(stderr, /--cache-bytes bounds the cache, and there is none: give --cache DIR/);
  });

  it('refuses a bound that is no number of bytes', async () => {
    const { code, stderr } = await place.fetch('--cache', cache, '--cache-bytes', '5GB');
    assert.equal(code, 2);
    assert.match(
      stderr,
      /'--cache-bytes <number>' argument '5GB' is invalid\. Expected whole bytes/,
    );
  });
});
