import { path, type Route, routes, type TensorSignature } from '@manara/contract';
import { CliError } from '../cli-error';
import { readInputs } from '../drill/tensors';
import type { Connection } from './connection';

/** What a version's runs came to since it was loaded. */
export interface Counted {
  readonly requests: number;
  readonly queueMillis: number;
  readonly runs: number;
  readonly rows: number;
  readonly runMillis: number;
}

type Asked = Pick<Route, 'method' | 'pattern'>;

interface Duration {
  readonly count: number;
  readonly ns: number;
}

interface Statistics {
  readonly model_stats: readonly {
    readonly inference_stats: { readonly queue: Duration };
    readonly batch_stats?: readonly {
      readonly batch_size: number;
      readonly compute_infer: Duration;
    }[];
  }[];
}

/** A version of a model at a running server. */
export class ProfiledServer {
  private constructor(
    private readonly connection: Connection,
    readonly server: string,
    readonly model: string,
    readonly version: string,
    readonly inputs: readonly TensorSignature[],
    /** Greatest number of rows in a request. */
    readonly maxRows: number,
  ) {}

  /**
   * @param named - `undefined` where there is one model only
   * @throws CliError where nobody answers, or there is no such model
   */
  static async at(connection: Connection, named: string | undefined): Promise<ProfiledServer> {
    const { version: server } = (await ask(connection, routes.serverMetadata)) as {
      version: string;
    };
    const model = named ?? (await onlyModel(connection));
    const metadata = await connection.ask('GET', path(routes.modelMetadata, { model }));
    const { versions } = JSON.parse(metadata) as { readonly versions: readonly string[] };
    // What a path without a version runs is the highest unless the configuration says otherwise.
    const version = versions.at(-1) ?? '1';
    const inputs = readInputs(metadata);
    const { max_batch_size: most } = (await ask(connection, {
      method: 'GET',
      pattern: path(routes.modelVersionConfig, { model, version }),
    })) as { readonly max_batch_size: number };
    const maxRows = !inputs.every(({ shape }) => shape[0] === -1) ? 1 : most > 0 ? most : Infinity;
    return new ProfiledServer(connection, server, model, version, inputs, maxRows);
  }

  /** @throws CliError where it is not answered */
  async infer(body: string): Promise<void> {
    const { model, version } = this;
    const { method, pattern } = routes.modelVersionInfer;
    await this.connection.ask(method, path({ pattern }, { model, version }), body);
  }

  /** @throws CliError for a server that does not count its runs by size */
  async counted(): Promise<Counted> {
    const { model, version } = this;
    const pattern = path(routes.modelVersionStatistics, { model, version });
    const { model_stats: all } = (await ask(this.connection, {
      method: 'GET',
      pattern,
    })) as Statistics;
    const [stats] = all;
    if (stats?.batch_stats === undefined) {
      throw new CliError(
        `${this.connection.base.origin} does not count runs by batch size (batch_stats)`,
      );
    }
    const { queue } = stats.inference_stats;
    const counted = { requests: queue.count, queueMillis: queue.ns / 1e6 };
    return stats.batch_stats.reduce<Counted>(
      (sum, { batch_size: size, compute_infer: { count, ns } }) => ({
        ...sum,
        runs: sum.runs + count,
        rows: sum.rows + size * count,
        runMillis: sum.runMillis + ns / 1e6,
      }),
      { ...counted, runs: 0, rows: 0, runMillis: 0 },
    );
  }
}

async function onlyModel(connection: Connection): Promise<string> {
  const index = (await ask(connection, routes.repositoryIndex)) as readonly {
    readonly name: string;
    readonly state?: string;
  }[];
  const ready = index.filter(({ state }) => state === 'READY').map(({ name }) => name);
  const [only, other] = [...new Set(ready)];
  if (only !== undefined && other === undefined) return only;
  const found = only === undefined ? 'none' : [...new Set(ready)].join(', ');
  throw new CliError(`${connection.base.origin} serves ${found}; name one with --model`);
}

async function ask(connection: Connection, { method, pattern }: Asked): Promise<unknown> {
  return JSON.parse(await connection.ask(method, pattern)) as unknown;
}
