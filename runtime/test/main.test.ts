import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, constants, openSync, readFileSync, rmSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { drainTimes, secondsToStop } from '@manara/contract';
import { failureOf, TestGrpcClient } from './support/grpc-client';
import { getJson } from './support/http-client';
import { addConstant, slow, slowOnDemand } from './support/models';
import { anyPorts, ServerProcess } from './support/process';
import { childrenOf, runs } from './support/process-table';
import { until } from './support/until';
import { TemporaryRepository } from './support/temporary';

const slowRequest = JSON.stringify({
  inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [0.1] }],
});

interface Outcome {
  readonly status: number | string;
  readonly closes: boolean;
}

/** One request on a kept connection; an error's code where there is no answer. */
function post(url: string, agent: Agent): Promise<Outcome> {
  return new Promise((resolve) => {
    const sent = request(url, { method: 'POST', agent }, (response: IncomingMessage) => {
      response.resume();
      response.once('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          closes: response.headers.connection === 'close',
        });
      });
    });
    sent.once('error', (error: NodeJS.ErrnoException) => {
      resolve({ status: error.code ?? error.message, closes: true });
    });
    sent.end(slowRequest);
  });
}

async function freePort(): Promise<number> {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  holder.close();
  await once(holder, 'close');
  return port;
}

describe('manara-server', function () {
  this.timeout(60_000);
  const repository = new TemporaryRepository();
  const base = ['--model-repository', repository.folder, ...anyPorts];

  before(() => {
    repository.add('slow', 1, slow(10));
    repository.add('plus', 1, addConstant(1));
  });
  after(() => {
    repository.remove();
  });

  it('logs the addresses it listens on, and ends with 0 on SIGTERM', async () => {
    const server = new ServerProcess(base);
    const { http, grpc, metrics } = await server.logged('listening');
    assert.equal((await getJson(`http://${http as string}/v2/health/ready`)).status, 200);
    assert.match(
      await (await fetch(`http://${metrics as string}/metrics`)).text(),
      /manara_server_ready 1/,
    );
    const client = new TestGrpcClient(grpc as string);
    assert.deepEqual(await client.call('ServerReady', {}), { ready: true });
    client.close();
    server.signal('SIGTERM');
    assert.deepEqual(await server.exited, { code: 0, signal: null });
    assert.equal(server.stderr, '');
  });

  it('answers every accepted request when it is told to stop under load', async () => {
    const server = new ServerProcess(base);
    const { http, grpc } = await server.logged('listening');
    const url = `http://${http as string}/v2/models/slow/infer`;
    const outcomes: Outcome[] = [];
    let stopping = false;
    // Each caller keeps one connection and sends the next request as soon as it has its answer.
    const callers = Array.from({ length: 16 }, async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (;;) {
        const outcome = await post(url, agent);
        outcomes.push(outcome);
        if (outcome.closes) break;
      }
      agent.destroy();
    });
    const client = new TestGrpcClient(grpc as string);
    const input = {
      name: 'x',
      datatype: 'FP32',
      shape: [1, 1],
      contents: { fp32_contents: [0.1] },
    };
    const call = (): Promise<unknown> =>
      client.call('ModelInfer', { model_name: 'slow', inputs: [input] });
    const grpcCallers = Array.from({ length: 4 }, async () => {
      while (!stopping) await call();
    });

    await until(() => outcomes.length > 32);
    stopping = true;
    server.signal('SIGTERM');
    await Promise.all([...callers, ...grpcCallers]);
    assert.deepEqual(await server.exited, { code: 0, signal: null });
    assert.deepEqual(
      outcomes.filter(({ status }) => status !== 200),
      [],
    );
    assert.equal((await failureOf(call())).code, 14);
    client.close();
    assert.throws(() => process.kill(server.pid, 0), { code: 'ESRCH' });
  });

  it('is started again at once where native code ends it, and stops as it would by itself', async () => {
    const server = new ServerProcess([...base, '--supervise', 'true']);
    await server.logged('listening');
    const [child] = childrenOf(server.pid);
    assert.ok(child !== undefined);
    if (process.platform === 'linux') {
      const variables = readFileSync(`/proc/${child}/environ`, 'utf8').split('\0');
      assert.ok(variables.includes('GLIBC_TUNABLES=glibc.malloc.hugetlb=1'));
    }
    process.kill(child, 'SIGABRT');
    const lost = await server.logged('server_lost');
    assert.equal(lost.error, 'SIGABRT');
    await until(() => server.lines.filter(({ event }) => event === 'listening').length === 2);
    const address = server.lines.findLast(({ event }) => event === 'listening')?.http as string;
    assert.equal((await getJson(`http://${address}/v2/health/ready`)).status, 200);
    server.signal('SIGTERM');
    assert.deepEqual(await server.exited, { code: 0, signal: null });
    assert.ok(!runs(child));
  });

  it('stops when whoever watches over it is gone', async () => {
    const server = new ServerProcess([...base, '--supervise', 'true']);
    await server.logged('listening');
    const [child] = childrenOf(server.pid);
    server.signal('SIGKILL');
    await until(() => !runs(child ?? 0));
  });

  it('is not ready during the drain delay, yet answers', async () => {
    const config = repository.write('.config.json', JSON.stringify({ drainDelaySeconds: 1 }));
    const server = new ServerProcess([...base, '--config', config]);
    const { http } = await server.logged('listening');
    server.signal('SIGTERM');
    await server.logged('draining');
    assert.equal((await getJson(`http://${http as string}/v2/health/ready`)).status, 503);
    const outcome = await post(`http://${http as string}/v2/models/slow/infer`, new Agent());
    assert.deepEqual(outcome, { status: 200, closes: true });
    assert.deepEqual(await server.exited, { code: 0, signal: null });
  });

  it('gives up on requests after the time to drain, without aborting a run', async () => {
    const config = repository.write('.config.json', JSON.stringify({ workers: 1 }));
    const server = new ServerProcess([...base, '--config', config, '--exit-timeout-secs', '1']);
    const { http } = await server.logged('listening');
    const url = `http://${http as string}/v2/models/slow/infer`;
    const agent = new Agent({ keepAlive: true });
    const requests = Array.from({ length: 300 }, () => post(url, agent));
    // All are read by then, also on a busy machine; a fraction of them is answered.
    await setTimeout(500);
    server.signal('SIGTERM');
    assert.deepEqual(await server.exited, { code: 1, signal: null });
    const statuses = new Set((await Promise.all(requests)).map(({ status }) => status));
    assert.deepEqual(statuses, new Set([200, 503]));
    assert.ok(server.lines.some(({ event }) => event === 'drain_timeout'));
  });

  it('is gone in time though a run never ends', async () => {
    const endless = new TemporaryRepository();
    endless.add('m', 1, slowOnDemand(200));
    const args = ['--model-repository', endless.folder, ...anyPorts, '--exit-timeout-secs', '1'];
    const server = new ServerProcess(args);
    const { http } = await server.logged('listening');
    const inputs = [
      { name: 'x', datatype: 'FP32', shape: [1, 1], data: [0.1] },
      { name: 'shape', datatype: 'INT64', shape: [2], data: [2500, 2500] },
    ];
    const sent = request(`http://${http as string}/v2/models/m/infer`, { method: 'POST' });
    sent.on('error', () => undefined);
    sent.end(JSON.stringify({ inputs }));
    await setTimeout(500);
    // Its caller is gone: no request is under way any more, the run still is.
    sent.destroy();
    await setTimeout(200);
    const told = Date.now();
    server.signal('SIGTERM');
    assert.deepEqual(await server.exited, { code: null, signal: 'SIGKILL' });
    const { lastRunsMillis, exitMillis } = drainTimes;
    const millis = Date.now() - told;
    assert.ok(millis >= lastRunsMillis + exitMillis - 500, `${millis} ms`);
    assert.ok(millis < (secondsToStop(0, 1) + 1) * 1000, `${millis} ms`);
    endless.remove();
  });

  describe('while it loads a model that takes long', () => {
    const loading = new TemporaryRepository();
    const args = ['--model-repository', loading.folder, ...anyPorts];
    let server: ServerProcess;
    let probes: readonly number[];

    before(() => {
      loading.add('m', 1, slow(2000));
    });
    beforeEach(async () => {
      server = new ServerProcess(args);
      await until(() => childrenOf(server.pid).length > 0);
      // Time for the probe to be in native code, which sees no messages.
      await setTimeout(1000);
      probes = childrenOf(server.pid);
      assert.equal(probes.length, 1);
    });
    after(() => {
      loading.remove();
    });

    for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
      it(`ends with 0 on ${signal}, and without delay`, async () => {
        const told = Date.now();
        server.signal(signal);
        assert.deepEqual(await server.exited, { code: 0, signal: null });
        assert.ok(Date.now() - told < 3000);
        assert.ok(!probes.some(runs));
        assert.equal(
          server.lines.some(({ event }) => event === 'listening'),
          false,
        );
      });
    }

    it('takes its probe with it when it is killed', async () => {
      server.signal('SIGKILL');
      await server.exited;
      await until(() => !probes.some(runs));
    });
  });

  it('stops waiting at a second signal', async () => {
    const config = repository.write('.config.json', JSON.stringify({ drainDelaySeconds: 600 }));
    const server = new ServerProcess([...base, '--config', config]);
    await server.logged('listening');
    server.signal('SIGTERM');
    await server.logged('draining');
    server.signal('SIGTERM');
    const { code, signal } = await server.exited;
    assert.equal(signal, null);
    assert.equal(code, 1);
  });

  describe('when its log cannot be written', () => {
    let port: number;
    const start = async (stdout: number | 'pipe'): Promise<ServerProcess> => {
      port = await freePort();
      const ports = ['--http-port', String(port), '--grpc-port', '0', '--metrics-port', '0'];
      const args = ['--model-repository', repository.folder, ...ports];
      const server = new ServerProcess(args, {}, { stdio: ['ignore', stdout, 'pipe'] });
      const url = `http://127.0.0.1:${port}/v2/health/ready`;
      while ((await fetch(url).catch(() => undefined))?.status !== 200) await setTimeout(50);
      return server;
    };
    const infer = (agent = new Agent()): Promise<Outcome> =>
      post(`http://127.0.0.1:${port}/v2/models/slow/infer`, agent);

    it('answers, and ends with 0, on a full disk', async () => {
      const full = openSync('/dev/full', 'w');
      const server = await start(full);
      assert.equal((await infer()).status, 200);
      server.signal('SIGTERM');
      assert.deepEqual(await server.exited, { code: 0, signal: null });
      assert.equal(server.stderr, '');
      closeSync(full);
    });

    it('answers where nobody reads any more', async () => {
      const pipe = repository.write('.pipe', '');
      rmSync(pipe);
      execFileSync('mkfifo', [pipe]);
      const unread = openSync(pipe, constants.O_RDWR);
      const server = await start(unread);
      // Each refusal is a line; together they are more than a pipe and the server's buffer hold.
      const agent = new Agent({ keepAlive: true, maxSockets: 8 });
      const unknown = `http://127.0.0.1:${port}/v2/models/nobody-knows-this-model/infer`;
      const outcomes = await Promise.all(
        Array.from({ length: 10_000 }, () => post(unknown, agent)),
      );
      assert.ok(outcomes.every(({ status }) => status === 404));
      assert.equal((await infer(agent)).status, 200);
      agent.destroy();
      server.signal('SIGTERM');
      // Its last lines never get out: it ends itself.
      assert.deepEqual(await server.exited, { code: null, signal: 'SIGKILL' });
      closeSync(unread);
    });
  });

  it('leaves no probe behind', async () => {
    const server = new ServerProcess(base);
    await server.logged('listening');
    await setTimeout(100);
    assert.deepEqual(childrenOf(server.pid), []);
    server.signal('SIGINT');
    assert.equal((await server.exited).code, 0);
  });

  describe('refuses to start', () => {
    const start = async (...args: string[]): Promise<readonly [number | null, string]> => {
      const server = new ServerProcess(args);
      const { code } = await server.exited;
      return [code, server.stderr];
    };

    it('with unknown flags and bad values', async () => {
      const [code, stderr] = await start('--modelrepository', '/m');
      assert.equal(code, 2);
      assert.match(stderr, /unknown option '--modelrepository'/);
      assert.match(stderr, /Did you mean --model-repository/);
    });

    it('with a repository that it may not read', async function () {
      if (process.getuid?.() !== 0) this.skip();
      const closed = new TemporaryRepository();
      chmodSync(closed.folder, 0o711);
      const server = new ServerProcess(['--model-repository', closed.folder], {}, { uid: 65534 });
      assert.equal((await server.exited).code, 2);
      assert.equal(
        server.stderr,
        `manara-server: the model repository ${closed.folder} cannot be read: EACCES; let this process's user read it\n`,
      );
      closed.remove();
    });

    it('without a repository', async () => {
      assert.deepEqual(await start('--model-repository', '/nowhere/models', ...anyPorts), [
        2,
        'manara-server: the model repository /nowhere/models is not a folder; see --model-repository\n',
      ]);
    });

    it('with a configuration that is not valid, naming each fault', async () => {
      const config = repository.write('.config.json', '{"httpPort": "x", "worker": 2}');
      const [code, stderr] = await start('--config', config);
      assert.equal(code, 2);
      assert.match(stderr, /httpPort: .*received "x"/);
      assert.match(stderr, /worker: /);
    });

    it('for other machines without identity, naming the ways out', async () => {
      const [code, stderr] = await start(
        ...['--model-repository', repository.folder, '--http-address', '0.0.0.0', ...anyPorts],
      );
      assert.equal(code, 2);
      assert.match(
        stderr,
        /^manara-server: http would listen on 0\.0\.0\.0:0, .*--allow-anonymous/,
      );
    });

    it('with keys that cannot be read, naming the file', async () => {
      const identity = { apiKeys: { file: '/nowhere/keys.json' } };
      const rules = [{ callers: ['*'], verbs: ['infer'] }];
      const config = repository.write('.config.json', JSON.stringify({ identity, rules }));
      const args = ['--config', config, '--model-repository', repository.folder, ...anyPorts];
      assert.deepEqual(await start(...args), [
        2,
        "manara-server: identity.apiKeys.file cannot be used: ENOENT: no such file or directory, open '/nowhere/keys.json'\n",
      ]);
    });

    it('on a port in use, naming the flag', async () => {
      const holder = createServer();
      await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
      const { port } = holder.address() as { port: number };
      for (const name of ['http', 'grpc', 'metrics']) {
        const ports = anyPorts.filter((_, i, all) => all[i - (i % 2)] !== `--${name}-port`);
        const [code, stderr] = await start(
          ...['--model-repository', repository.folder, ...ports, `--${name}-port`, String(port)],
        );
        assert.equal(code, 1);
        assert.equal(
          stderr,
          `manara-server: cannot listen on 127.0.0.1:${port}: the address is in use; choose another with --${name}-port or --${name}-address\n`,
        );
      }
      holder.close();
    });

    it('with a model that fails, where --exit-on-error is set', async () => {
      const broken = new TemporaryRepository();
      broken.add('bad', 1, 'garbage');
      const [code, stderr] = await start(
        ...['--model-repository', broken.folder, ...anyPorts, '--exit-on-error=true'],
      );
      assert.equal(code, 1);
      assert.match(stderr, /models failed to load and --exit-on-error is set: bad/);
      broken.remove();
    });
  });

  it('prints its version and its help', async () => {
    const version = new ServerProcess(['--version']);
    assert.equal((await version.exited).code, 0);
    assert.match(version.text, /^\d+\.\d+\.\d+\n$/);
    const help = new ServerProcess(['--help']);
    assert.equal((await help.exited).code, 0);
    assert.match(help.text, /--model-repository <dir>/);
    assert.match(help.text, /manara-server fetch --help/);
  });
});
