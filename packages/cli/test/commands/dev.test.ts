import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { project } from '../support/folders';
import { manara, startManara } from '../support/manara';
import { untilGone } from '../support/processes';
import { officeProgram } from '../support/programs';

const freePorts = ['--http-port', '0', '--grpc-port', '0', '--metrics-port', '0'];

interface Serving {
  readonly serverPid: number;
  readonly output: string;
  /** Exit code, and what was written to standard error. */
  readonly ended: Promise<readonly [code: number | null, stderr: string]>;
  /** Sends a signal. */
  end(signal: NodeJS.Signals): Serving['ended'];
}

/** Starts `manara dev` in a folder and waits until it says that it serves. */
async function serving(cwd: string): Promise<Serving> {
  const child = startManara(['dev', ...freePorts], { cwd });
  const stderr = text(child.stderr);
  const exit = once(child, 'exit') as Promise<[number | null]>;
  const ended = Promise.all([exit, stderr]).then(([[code], log]) => [code, log] as const);
  let output = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    output += String(chunk);
    if (output.includes('Ctrl-C')) break;
  }
  if (!output.includes('Ctrl-C')) throw new Error(`manara dev did not serve:\n${await stderr}`);
  const pid = child.pid ?? 0;
  return {
    serverPid: childrenOf(pid)[0] ?? 0,
    output,
    ended,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
}

describe('manara dev', () => {
  let cwd: string;

  before(() => {
    cwd = project({ 'main.ts': officeProgram() });
  });

  it('prints the addresses, and a curl line that works; ends with 0 on SIGTERM', async () => {
    const dev = await serving(cwd);
    assert.match(dev.output, /^ready {2}REST {5}http:\/\/127\.0\.0\.1:\d+$/m);
    assert.match(dev.output, /^ {7}gRPC {5}127\.0\.0\.1:\d+$/m);
    assert.match(dev.output, /^ {7}metrics {2}http:\/\/127\.0\.0\.1:\d+\/metrics$/m);
    assert.match(dev.output, /^fraud versions 1; default 1$/m);
    const curl = /^ {2}(curl .*)$/m.exec(dev.output)?.[1] ?? '';
    const answer = execFileSync('sh', ['-c', curl], { encoding: 'utf8' });
    assert.match(answer, /^\{"model_name":"fraud","model_version":"1","outputs":\[/);

    const [code, stderr] = await dev.end('SIGTERM');
    assert.equal(code, 0);
    assert.match(stderr, /manara: stopped\n$/);
    await untilGone(dev.serverPid);
  });

  it('ends with 0 on SIGINT, too', async () => {
    const dev = await serving(cwd);
    assert.equal((await dev.end('SIGINT'))[0], 0);
    await untilGone(dev.serverPid);
  });

  it('leaves no server behind even where it is killed', async () => {
    const dev = await serving(cwd);
    assert.equal((await dev.end('SIGKILL'))[0], null);
    await untilGone(dev.serverPid);
  });

  it("ends with the server's code where the server ends", async () => {
    const dev = await serving(cwd);
    process.kill(dev.serverPid, 'SIGKILL');
    const [code, stderr] = await dev.ended;
    assert.equal(code, 137);
    assert.match(stderr, /error: manara-server ended with code 137/);
  });

  it('says which port is in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const others = ['--grpc-port', '0', '--metrics-port', '0'];
    const { code, stdout, stderr } = await manara(['dev', '--http-port', String(port), ...others], {
      cwd,
    });
    taken.close();
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, new RegExp(`cannot listen on 127\\.0\\.0\\.1:${port}: .*in use`));
  });

  for (const port of ['-1', '65536', 'http', '1.5', '']) {
    it(`refuses the port "${port}" with 2`, async () => {
      const { code, stderr } = await manara(['dev', `--http-port=${port}`], { cwd });
      assert.equal(code, 2);
      assert.match(stderr, /Expected a port, 0 to 65535/);
    });
  }

  it('refuses an unknown site with 2, naming those that are there', async () => {
    const { code, stderr } = await manara(['dev', '--site', 'home'], { cwd });
    assert.equal(code, 2);
    assert.match(stderr, /error: --site: expected one of office; received "home"/);
  });
});
