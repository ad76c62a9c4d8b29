import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, cpSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { modelConfigFile, path, routes } from '@manara/contract';
import { serverBinary } from '../../src/dev/server-binary';
import { repositoryRoot, temporaryFolder } from './folders';
import { untilGone } from './processes';

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** The real server, with both versions of the fraud model. */
export class FraudServer {
  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
    /** Command for a shell that starts it anew, on the same port. */
    readonly command: string,
    /** What that command writes its process id to. */
    private readonly pidFile: string,
  ) {}

  static async start(): Promise<FraudServer> {
    const folder = temporaryFolder();
    const models = join(folder, 'models');
    cpSync(join(repositoryRoot, 'examples', 'models', 'repository'), models, { recursive: true });
    // Without it the latest version alone is served, as Triton does.
    writeFileSync(join(models, 'fraud', modelConfigFile), 'version_policy: { all {} }\n');
    const port = await freePort();
    const [logFile, pidFile] = [join(folder, 'server.log'), join(folder, 'pid')];
    const args = [serverBinary(folder), '--model-repository', models, '--http-port', String(port)];
    args.push('--allow-grpc', 'false', '--allow-metrics', 'false');
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, args, { stdio: ['ignore', log, log] });
    closeSync(log);
    running.add(child);
    child.once('exit', () => running.delete(child));
    const quoted = [process.execPath, ...args].map((text) => `'${text}'`).join(' ');
    const command = `${quoted} >>'${logFile}' 2>&1 & echo $! >'${pidFile}'`;
    const server = new FraudServer(port, child, command, pidFile);
    while (!(await server.isReady())) {
      if (child.exitCode !== null) throw new Error(`the server ended with code ${child.exitCode}`);
      await delay(50);
    }
    return server;
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  isReady(): Promise<boolean> {
    return fetch(`${this.address}${path(routes.serverReady)}`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  /** Ends the server, and the one that the command has started. */
  async stop(): Promise<void> {
    if (running.has(this.child)) {
      this.child.kill('SIGKILL');
      await once(this.child, 'exit');
    }
    if (!existsSync(this.pidFile)) return;
    const pid = Number(readFileSync(this.pidFile, 'utf8'));
    process.kill(pid, 'SIGKILL');
    await untilGone(pid);
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
