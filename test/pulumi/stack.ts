import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Engine } from './engine';
import {
  type EngineEvent,
  type Operation,
  operationOf,
  type Violation,
  violationOf,
} from './events';

/** What an operation of the engine did. */
export interface Outcome {
  readonly succeeded: boolean;
  readonly exitCode: number | null;
  /** Resources by what became of them: `{ same: 41 }`. */
  readonly changes: Readonly<Record<string, number>>;
  /** Every resource that did not stay the same. */
  readonly operations: readonly Operation[];
  /** What the policies of a pack said, advice included. */
  readonly violations: readonly Violation[];
  /**
   * All that was printed, events included, but for debug messages: Pulumi's SDK shows secrets in
   * them, and the engine prints them with `--json` and `--debug`.
   */
  readonly printed: string;
  /** What the engine, the program and the provider had to say, errors included. */
  readonly messages: string;
}

/** What became of each resource that did not stay the same: `update uae-bank/…/config: data["config.json"]`. */
export function operationLines({ operations }: Outcome): readonly string[] {
  return operations.map(({ op, name, fields }) => `${op} ${name}: ${fields.join(' ')}`).sort();
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly args?: readonly string[];
  /** Called with each event as it happens. */
  readonly onEvent?: (event: EngineEvent, process: ChildProcess) => void;
}

/** A resource as the stack's state remembers it. */
export interface StateResource {
  readonly urn: string;
  readonly id?: string;
  readonly inputs?: unknown;
}

export interface StackState {
  readonly resources?: readonly StateResource[];
  readonly pending_operations?: readonly unknown[];
}

/** Where a stack's project is, and what the two are called. */
export interface StackIdentity {
  readonly folder: string;
  readonly project: string;
  readonly name: string;
}

/** A stack of a project, driven through the command line as a user does. */
export class Stack {
  private constructor(
    private readonly engine: Engine,
    private readonly identity: StackIdentity,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  static async create(
    engine: Engine,
    identity: StackIdentity,
    env: NodeJS.ProcessEnv = {},
  ): Promise<Stack> {
    const stack = new Stack(engine, identity, { ...engine.env, ...env });
    await stack.command('stack', 'init', identity.name);
    return stack;
  }

  get name(): string {
    return this.identity.name;
  }

  /** Where its `Pulumi.yaml` is. */
  get folder(): string {
    return this.identity.folder;
  }

  preview(options?: RunOptions): Promise<Outcome> {
    return this.#run(['preview'], options);
  }

  up(options?: RunOptions): Promise<Outcome> {
    return this.#run(['up', '--yes', '--skip-preview'], options);
  }

  refresh(options?: RunOptions): Promise<Outcome> {
    return this.#run(['refresh', '--yes', '--skip-preview'], options);
  }

  destroy(options?: RunOptions): Promise<Outcome> {
    return this.#run(['destroy', '--yes', '--skip-preview'], options);
  }

  /** Runs a command that writes no events. Returns what it printed; throws where it fails. */
  async command(...args: readonly string[]): Promise<string> {
    const child = this.#spawn(args, {});
    const [out, err] = [collected(child.stdout!), collected(child.stderr!)];
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) {
      throw new Error(`pulumi ${args.join(' ')}: exit code ${String(code)}\n${err()}${out()}`);
    }
    return out();
  }

  /** The state as its file holds it: secrets encrypted. */
  get stateText(): string {
    return readFileSync(this.#stateFile, 'utf8');
  }

  /** The state of the resources and of operations that never ended. */
  get state(): StackState {
    return (
      (JSON.parse(this.stateText) as { checkpoint: { latest?: StackState } }).checkpoint.latest ??
      {}
    );
  }

  /** Forgets every resource, and leaves the clusters as they are. */
  forget(): void {
    rmSync(this.#stateFile);
  }

  get #stateFile(): string {
    const { project, name } = this.identity;
    return join(this.engine.folder, 'state', '.pulumi', 'stacks', project, `${name}.json`);
  }

  #spawn(args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
    return spawn(this.engine.binary, [...args, '--non-interactive', '--color', 'never'], {
      cwd: this.folder,
      env: { ...this.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async #run(command: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const { env = {}, args = [], onEvent } = options;
    const child = this.#spawn([...command, '--json', ...args], {
      // Events of a preview as they happen, like those of an update, instead of a digest at its end.
      PULUMI_ENABLE_STREAMING_JSON_PREVIEW: 'true',
      ...env,
    });
    const error = collected(child.stderr!);
    const printed: string[] = [];
    const events: EngineEvent[] = [];
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const event = line.startsWith('{') ? (JSON.parse(line) as EngineEvent) : undefined;
      if (event?.diagnosticEvent?.severity !== 'debug') printed.push(line);
      if (event === undefined) return;
      events.push(event);
      onEvent?.(event, child);
    });
    const [code] = (await once(child, 'close')) as [number | null];
    const summary = events.find(({ summaryEvent }) => summaryEvent !== undefined)?.summaryEvent;
    const said = events.flatMap(({ diagnosticEvent }) =>
      diagnosticEvent === undefined || diagnosticEvent.severity === 'debug'
        ? []
        : [`${diagnosticEvent.severity}: ${diagnosticEvent.message}`],
    );
    return {
      succeeded: code === 0,
      exitCode: code,
      changes: summary?.resourceChanges ?? {},
      operations: events.flatMap((event) => operationOf(event) ?? []),
      violations: events.flatMap((event) => violationOf(event) ?? []),
      printed: `${printed.join('\n')}\n${error()}`,
      messages: [...said, error(), ...printed.filter((line) => !line.startsWith('{'))].join('\n'),
    };
  }
}

function collected(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}
