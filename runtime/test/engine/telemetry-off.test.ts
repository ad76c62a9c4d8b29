import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { addConstant } from '../support/models';
import { anyPorts, ServerProcess } from '../support/process';
import { TemporaryRepository } from '../support/temporary';

const input = { name: 'x', datatype: 'FP32', shape: [1], data: [1] };

const entry = join(__dirname, '..', '..', 'src', 'index.js');

describe("the engine's telemetry", function () {
  this.timeout(30_000);
  const repository = new TemporaryRepository();
  const scratch = new TemporaryRepository();
  const homes = ['home', 'tmp', 'cache'].map((name) => join(scratch.folder, name));
  const [HOME = '', TMPDIR = '', XDG_CACHE_HOME = ''] = homes;

  /** One inference by a server with its own HOME and TMPDIR. */
  async function infer(command: readonly string[] = []): Promise<void> {
    const server = new ServerProcess(
      ['--model-repository', repository.folder, ...anyPorts],
      { HOME, TMPDIR, XDG_CACHE_HOME },
      {},
      command,
    );
    const { http } = await server.logged('listening');
    const answer = await fetch(`http://${http as string}/v2/models/m/infer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ inputs: [input] }),
    });
    server.signal('SIGTERM');
    assert.equal((await server.exited).code, 0);
    assert.equal(answer.status, 200);
  }

  before(() => {
    repository.add('m', 1, addConstant(1));
    for (const home of homes) mkdirSync(home);
  });
  after(() => {
    repository.remove();
    scratch.remove();
  });

  it('leaves no file behind, neither of the server nor of its probes', async () => {
    await infer();
    assert.deepEqual(
      homes.flatMap((home) => readdirSync(home)),
      [],
    );
  });

  it('connects to nobody', async function () {
    if (spawnSync('strace', ['-qq', '-e', 'trace=none', 'true']).status !== 0) this.skip();
    const trace = join(scratch.folder, 'trace');
    // -D: the server, not strace, is the process that is started and signalled.
    await infer(['strace', '-D', '-f', '-qq', '-e', 'trace=connect,sendto', '-o', trace]);
    const calls = readFileSync(trace, 'utf8')
      .split('\n')
      .filter((line) => line.includes('sa_family=AF_INET'));
    assert.deepEqual(
      calls.filter((line) => !line.includes('127.0.0.1')),
      [],
    );
  });

  it('refuses to be loaded where it could not be switched off', async () => {
    const thread = new Worker(`require(${JSON.stringify(entry)})`, { eval: true, env: {} });
    const [error] = (await once(thread, 'error')) as [Error];
    assert.match(error.message, /unless ORT_DISABLE_TELEMETRY is 1/);
    assert.match(error.message, /load @manara\/runtime in the main thread first/);
  });
});
