import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from './command';
import type { ImageConfig } from './image';

export interface ContainerProps {
  /** Name, also of its cgroup. */
  readonly id: string;
  /** Root file system; mounted read-only. */
  readonly rootfs: string;
  readonly image: ImageConfig;
  /** Arguments after the image's entry point. */
  readonly args: readonly string[];
  /** Environment variables besides the image's own. @default - none */
  readonly env?: Readonly<Record<string, string>>;
  readonly memoryBytes: number;
  /** Folders and files of this machine, by their path in the container. */
  readonly mounts: Readonly<
    Record<string, { readonly source: string; readonly writable?: boolean }>
  >;
}

/** The parts of runc's specification that change from its own default. */
interface Specification {
  process: Record<string, unknown>;
  root: Record<string, unknown>;
  mounts: unknown[];
  linux: { namespaces: { type: string }[]; [key: string]: unknown };
  [key: string]: unknown;
}

/**
 * A container as Kubernetes' "restricted" pods are run: the image's user, no capability, no new
 * privileges, a read-only root and a memory limit. It shares the network of this machine, so that
 * its loopback is ours.
 */
export class Container {
  #output = '';
  readonly #exit: Promise<number>;

  private constructor(
    private readonly runc: readonly string[],
    private readonly id: string,
    private readonly child: ChildProcess,
  ) {
    const gather = (chunk: Buffer): void => void (this.#output += chunk.toString());
    child.stdout?.on('data', gather);
    child.stderr?.on('data', gather);
    // However this program ends, the container does too: runc hands the signal on.
    const end = (): void => void child.kill('SIGTERM');
    process.once('exit', end);
    child.once('close', () => process.off('exit', end));
    this.#exit = once(child, 'close').then(([code]) => code as number);
  }

  static async start(folder: string, props: ContainerProps): Promise<Container> {
    const bundle = join(folder, props.id);
    await mkdir(bundle, { recursive: true });
    const runc = ['--root', join(folder, 'runc')];
    await command('runc', ...runc, 'spec', '--bundle', bundle);
    const file = join(bundle, 'config.json');
    const specification = JSON.parse(await readFile(file, 'utf8')) as Specification;
    await writeFile(file, JSON.stringify(restricted(specification, props)));
    const child = spawn('runc', [...runc, 'run', '--bundle', bundle, props.id], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new Container(runc, props.id, child);
  }

  /** What it has written so far, standard output and error. */
  get output(): string {
    return this.#output;
  }

  /** Waits for its end; gives its exit code. */
  async exit(): Promise<number> {
    return this.#exit;
  }

  get running(): boolean {
    return this.child.exitCode === null;
  }

  /** Process number of its first process, as this machine counts. */
  async pid(): Promise<number> {
    const state = await command('runc', ...this.runc, 'state', this.id);
    return (JSON.parse(state) as { readonly pid: number }).pid;
  }

  async signal(name: 'TERM' | 'KILL'): Promise<void> {
    await command('runc', ...this.runc, 'kill', this.id, name);
  }

  /** Runs a program inside, as the given user. Gives its standard output. */
  async run(user: string, ...words: readonly string[]): Promise<string> {
    return command('runc', ...this.runc, 'exec', '--user', user, this.id, ...words);
  }

  /** Ends it if it runs, and removes what runc keeps of it. */
  async remove(): Promise<void> {
    if (this.running) await this.signal('KILL').catch(() => undefined);
    await this.#exit;
    await command('runc', ...this.runc, 'delete', '--force', this.id);
  }
}

function restricted(specification: Specification, props: ContainerProps): Specification {
  const [uid, gid] = props.image.User.split(':').map(Number);
  return {
    ...specification,
    process: {
      ...specification.process,
      terminal: false,
      user: { uid, gid },
      args: [...props.image.Entrypoint, ...props.args],
      env: [
        ...props.image.Env,
        ...Object.entries(props.env ?? {}).map(([name, value]) => `${name}=${value}`),
      ],
      cwd: props.image.WorkingDir,
      capabilities: {},
      noNewPrivileges: true,
    },
    root: { path: props.rootfs, readonly: true },
    mounts: [
      ...specification.mounts,
      {
        destination: '/tmp',
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['nosuid', 'nodev', 'mode=1777'],
      },
      ...Object.entries(props.mounts).map(([destination, { source, writable = false }]) => ({
        destination,
        source,
        type: 'bind',
        options: ['bind', writable ? 'rw' : 'ro'],
      })),
    ],
    linux: {
      ...specification.linux,
      cgroupsPath: `/${props.id}`,
      namespaces: specification.linux.namespaces.filter(({ type }) => type !== 'network'),
      resources: { memory: { limit: props.memoryBytes } },
    },
  };
}

/** A line of `/proc/PID/status`, without its name. */
export function processStatus(pid: number, field: string): string {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8')
    .split('\n')
    .find((text) => text.startsWith(`${field}:`));
  if (line === undefined) throw new Error(`/proc/${pid}/status has no ${field}`);
  return line.slice(field.length + 1).trim();
}
