import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LocalServer, serve, sha256, Workplace } from './bench';

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
  let place: Workplace;
  let server: LocalServer;
  /** Whether the server sends all, or half and then nothing. */
  let whole = false;

  beforeEach(async () => {
    whole = false;
    server = await serve((_, response) => {
      response.writeHead(200, { 'content-length': weights.length });
      if (whole) response.end(weights);
      else response.write(weights.subarray(0, 150_000));
    });
    place = await Workplace.create();
    await place.describe(`${server.origin}/m.onnx`, sha256(weights));
  });
  afterEach(async () => {
    await server.close();
    await place.remove();
  });

  /** Waits until the half that the server sends is under way to the disk. */
  async function halfWay(): Promise<void> {
    while (!(await place.files()).some((name) => name.endsWith('.partial'))) {
      await new Promise((soon) => setTimeout(soon, 10));
    }
  }

  it('leaves no model.onnx when it is killed, and the next run succeeds', async () => {
    const child = start(place);
    await halfWay();
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.ok(!(await place.files()).includes('model.onnx'));
    whole = true;
    assert.equal((await place.fetch()).code, 0);
    assert.ok((await place.files()).includes('model.onnx'));
  });

  it('leaves nothing at all on SIGTERM, and ends with 1', async () => {
    const child = start(place);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await halfWay();
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number | null];
    assert.equal(code, 1);
    assert.deepEqual(await place.files(), []);
    assert.match(output, /"error":"stopped by SIGTERM"/);
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
    assert.match(String(error), /ENOTDIR: not a directory/);
    assert.equal(server.seen.length, 0);
  });
});
