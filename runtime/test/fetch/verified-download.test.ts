import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { stagingOf } from '../../src/fetch/put-in-place';
import {
  type LocalServer,
  type RangeRequest,
  rangeServer,
  serve,
  sha256,
  Workplace,
} from './bench';

/** Fetch mode in a process of its own, which a test can end in the middle. */
function start(place: Workplace) {
  const script = `require(${JSON.stringify(join(__dirname, '../../src/fetch'))})
    .runFetch(process.argv.slice(1)).then((code) => { process.exitCode = code; });`;
  return spawn(
    process.execPath,
    ['-e', script, '--', '--config', place.config, '--model-repository', place.repository],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
}

describe('a fetch that is ended in the middle', () => {
  const weights = Buffer.alloc(300_000, 'weights');
  const seen: RangeRequest[] = [];
  const whole = rangeServer(() => weights, seen);
  let place: Workplace;
  let server: LocalServer;
  /** How many more answers end in silence after their first 150,000 bytes. */
  let silent = 0;

  beforeEach(async () => {
    silent = 1;
    seen.length = 0;
    server = await serve((request, response) => {
      if (silent === 0) whole(request, response);
      else {
        silent -= 1;
        response.writeHead(200, { etag: `"${sha256(weights)}"`, 'content-length': weights.length });
        response.write(weights.subarray(0, 150_000));
      }
    });
    place = await Workplace.create();
    await place.describe(`${server.origin}/m.onnx`, sha256(weights));
  });
  afterEach(async () => {
    await server.close();
    await place.remove();
  });

  /** Waits until the half that the server sends is on the disk. */
  async function halfWay(): Promise<void> {
    for (;;) {
      const [name] = await place.partials();
      if (name !== undefined) {
        const { size } = await stat(join(stagingOf(place.repository), name));
        if (size === 150_000) return;
      }
      await new Promise((soon) => setTimeout(soon, 10));
    }
  }

  it('is gone on with, and only the rest is asked for', async () => {
    const child = start(place);
    await halfWay();
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.deepEqual(await readdir(place.repository), ['.fetch']);
    const { code, logs } = await place.fetch();
    assert.equal(code, 0);
    assert.deepEqual(seen, [{ range: 'bytes=150000-', ifRange: `"${sha256(weights)}"` }]);
    assert.equal(logs.find((l) => l.event === 'model_fetch_resumed')?.bytes, 150_000);
    assert.deepEqual(await readFile(place.weights), weights);
    assert.deepEqual(await readdir(stagingOf(place.repository)), []);
  });

  it('ends with 1 on SIGTERM, and leaves nothing that a server sees', async () => {
    const child = start(place);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await halfWay();
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number | null];
    assert.equal(code, 1);
    assert.deepEqual(await readdir(place.repository), ['.fetch']);
    assert.match(output, /"error":"stopped by SIGTERM"/);
  });

  it('is begun anew where the source has changed since', async () => {
    await place.leavePartial(sha256(weights), Buffer.from('of the former content'));
    silent = 0;
    const { code, error } = await place.fetch();
    assert.equal(error, undefined);
    assert.equal(code, 0);
    // The tag was not known, so that only the digest could tell.
    assert.deepEqual(
      seen.map(({ range }) => range),
      ['bytes=21-', undefined],
    );
    assert.deepEqual(await readFile(place.weights), weights);
  });

  it('is finished without a request where nothing but its name was missing', async () => {
    await place.leavePartial(sha256(weights), weights);
    assert.equal((await place.fetch()).code, 0);
    assert.equal(server.seen.length, 0);
    assert.deepEqual(await readFile(place.weights), weights);
  });

  it('is begun anew where more is there than the source has', async () => {
    await place.leavePartial(sha256(weights), Buffer.concat([weights, weights]));
    silent = 0;
    assert.equal((await place.fetch()).code, 0);
    assert.deepEqual(await readFile(place.weights), weights);
  });

  it('goes on within a run, too, after a connection that breaks', async () => {
    await server.close();
    let broken = false;
    server = await serve((request, response) => {
      if (broken) whole(request, response);
      else {
        broken = true;
        response.writeHead(200, { etag: `"${sha256(weights)}"`, 'content-length': weights.length });
        response.write(weights.subarray(0, 150_000), () =>
          setTimeout(() => response.destroy(), 50),
        );
      }
    });
    await place.describe(`${server.origin}/m.onnx`, sha256(weights));
    assert.equal((await place.fetch()).code, 0);
    assert.equal(seen.length, 1);
    assert.match(String(seen[0]?.range), /^bytes=[1-9]\d*-$/);
    assert.deepEqual(await readFile(place.weights), weights);
  });

  it('is left alone while its process runs, and nobody waits for it', async () => {
    await place.leavePartial(
      sha256(weights),
      weights.subarray(0, 9),
      `${hostname()}.${process.ppid}`,
    );
    silent = 0;
    assert.equal((await place.fetch()).code, 0);
    assert.deepEqual(seen, [{ range: undefined, ifRange: undefined }]);
    assert.equal((await place.partials()).length, 1);
  });

  it('may be another machine’s, once nobody has written to it for long', async () => {
    await place.leavePartial(sha256(weights), weights.subarray(0, 9), 'other-pod.1');
    const [name] = await place.partials();
    const before = new Date(Date.now() - 1000);
    await utimes(join(stagingOf(place.repository), String(name)), before, before);
    silent = 0;
    assert.equal((await place.fetch()).code, 0);
    assert.equal(seen[0]?.range, 'bytes=9-');
  });

  it('says what is in the way of the file', async () => {
    await mkdir(place.weights, { recursive: true });
    const { code, error } = await place.fetch();
    assert.equal(code, 1);
    assert.equal(error, `${place.weights}: EISDIR: illegal operation on a directory, read`);
  });

  it('says what hinders it where the folder cannot be made', async () => {
    await writeFile(place.repository, 'a file, not a folder');
    const { code, error } = await place.fetch();
    assert.equal(code, 1);
    assert.match(String(error), /ENOTDIR: not a directory|EEXIST: file already exists/);
    assert.equal(server.seen.length, 0);
  });
});
