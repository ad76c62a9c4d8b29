import assert from 'node:assert/strict';
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { project } from '../support/folders';
import { manara, manaraScript, startManara } from '../support/manara';
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

/** Starts `manara dev` as npm does: below a shell, or below a shell's shell. */
function startInShells(depth: 1 | 2, cwd: string): ChildProcessByStdio<null, Readable, null> {
  const command = `"${process.execPath}" "${manaraScript}" dev ${freePorts.join(' ')}; :`;
  const nested = depth === 1 ? command : `sh -c '${command}'; :`;
  return spawn('sh', ['-c', nested], {
    cwd,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, npm_execpath: 'npm-cli.js' },
  });
}

/** Process ids of the command below some shells and of its server, once it serves. */
async function servingBelow(
  outer: ChildProcessByStdio<null, Readable, null>,
  depth: number,
): Promise<readonly number[]> {
  let output = '';
  for await (const chunk of outer.stdout.setEncoding('utf8')) {
    output += String(chunk);
    if (output.includes('Ctrl-C')) break;
  }
  let pid = outer.pid ?? 0;
  for (let i = 0; i < depth; i += 1) pid = childrenOf(pid)[0] ?? 0;
  const server = childrenOf(pid)[0] ?? 0;
  assert.ok(pid > 0 && server > 0, output);
  return [pid, server];
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

  // Ctrl-C, and the terminal as it closes.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) {
    it(`ends with 0 on ${signal}, too`, async () => {
      const dev = await serving(cwd);
      assert.equal((await dev.end(signal))[0], 0);
      await untilGone(dev.serverPid);
    });
  }

  // npm starts a shell, and that starts the command: either may be the one that is killed.
  for (const [killed, depth] of [
    ['shell', 1],
    ['npm above the shell', 2],
  ] as const) {
    it(`ends where it was started by npm, and the ${killed} is gone`, async () => {
      const outer = startInShells(depth, cwd);
      const pids = await servingBelow(outer, depth);
      outer.kill('SIGKILL');
      for (const pid of pids) await untilGone(pid);
    });
  }

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

  it('says which port is in use and which flag chooses another, and nothing else', async () => {
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
    assert.equal(
      stderr,
      [
        'manara: reading .',
        `error: --http-port: 127.0.0.1:${port} is in use; choose another, or 0 for any free one`,
        '',
      ].join('\n'),
    );
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
