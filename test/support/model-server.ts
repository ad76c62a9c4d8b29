import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flags, modelConfigFile, modelFile, path, routes } from '@manara/contract';
import { documentReader, fraud } from '@manara/example-models';
import { Child } from './child';
import { freePorts } from './free-ports';
import { repositoryRoot } from './paths';

interface Start {
  /** Puts models into the repository. @default - both example models */
  readonly layOut?: (repository: string) => void;
  /** Flags besides those of addresses and the repository. @default - none */
  readonly more?: readonly string[];
}

/** The real server on loopback, with a repository of its own. */
export class ModelServer {
  private constructor(
    private readonly child: Child,
    private readonly folder: string,
    /** `127.0.0.1:port`, as clients take it. */
    readonly http: string,
    readonly grpc: string,
    readonly metrics: string,
  ) {}

  /** Starts `manara-server` and waits until it says that it is ready. */
  static async start({ layOut = layOutExamples, more = [] }: Start = {}): Promise<ModelServer> {
    const folder = mkdtempSync(join(tmpdir(), 'manara-serving-'));
    const repository = join(folder, 'models');
    layOut(repository);
    const [http = 0, grpc = 0, metrics = 0] = await freePorts(3);
    const main = join(repositoryRoot, 'runtime', 'build', 'src', 'main.js');
    const child = Child.start(
      'manara-server',
      process.execPath,
      [main, flags.modelRepository, repository].concat([
        '--http-port',
        String(http),
        '--grpc-port',
        String(grpc),
        '--metrics-port',
        String(metrics),
        ...more,
      ]),
      { logFile: join(folder, 'server.log') },
    );
    const target = `127.0.0.1:${http}`;
    const [rpc, scraped] = [`127.0.0.1:${grpc}`, `127.0.0.1:${metrics}`];
    const server = new ModelServer(child, folder, target, rpc, scraped);
    const ready = `http://${target}${path(routes.serverReady)}`;
    try {
      await child.until(
        () =>
          fetch(ready).then(
            (reply) => reply.ok,
            () => false,
          ),
        60_000,
      );
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** Ends the server; its exit code. */
  async stop(): Promise<number | null> {
    const code = await this.child.stop();
    rmSync(this.folder, { recursive: true, force: true });
    return code;
  }
}

/** Triton's layout of both models, below `repository`. */
export function layOutExamples(repository: string): void {
  cpSync(fraud.repositoryPath, repository, { recursive: true });
  // Without it the latest version alone is served, as Triton does.
  writeFileSync(join(repository, fraud.modelName, modelConfigFile), 'version_policy: { all {} }\n');
  const version = join(repository, documentReader.modelName, '1');
  mkdirSync(version, { recursive: true });
  cpSync(documentReader.modelFile, join(version, modelFile));
}
