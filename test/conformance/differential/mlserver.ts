import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { engineEnvironment } from '@manara/contract';
import { Child } from '../../support/child';
import { freePorts } from '../../support/free-ports';
import { repositoryRoot } from '../../support/paths';
import { conformanceFolder } from '../fuzzer';

/** The packages that `npm run bench:peers` has it with, so that they are installed once. */
export const mlserverRequirements = join(
  repositoryRoot,
  'test/bench/peers/servers/requirements-mlserver.txt',
);

/** MLServer on loopback, serving ONNX files by name. */
export class MlServer {
  private constructor(
    private readonly child: Child,
    private readonly folder: string,
    /** `127.0.0.1:port` */
    readonly http: string,
    readonly grpc: string,
  ) {}

  static async start(python: string, models: Readonly<Record<string, string>>): Promise<MlServer> {
    const folder = mkdtempSync(join(tmpdir(), 'manara-mlserver-'));
    const [http = 0, grpc = 0, metrics = 0] = await freePorts(3);
    writeJson(join(folder, 'settings.json'), {
      debug: false,
      host: '127.0.0.1',
      http_port: http,
      grpc_port: grpc,
      metrics_port: metrics,
      parallel_workers: 0,
    });
    for (const [name, uri] of Object.entries(models)) {
      mkdirSync(join(folder, name));
      writeJson(join(folder, name, 'model-settings.json'), {
        name,
        implementation: 'mlserver_onnx.OnnxRuntime',
        parameters: { uri },
      });
    }
    const child = Child.start('mlserver', join(dirname(python), 'mlserver'), ['start', folder], {
      logFile: join(folder, 'log'),
      env: {
        ...process.env,
        ...engineEnvironment,
        PYTHONPATH: join(conformanceFolder, 'differential'),
        PYTHONDONTWRITEBYTECODE: '1',
        MLSERVER_METRICS_DIR: folder,
      },
    });
    const target = `127.0.0.1:${http}`;
    const server = new MlServer(child, folder, target, `127.0.0.1:${grpc}`);
    try {
      await child.until(() => isReady(target), 90_000);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  async stop(): Promise<void> {
    await this.child.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function isReady(target: string): Promise<boolean> {
  return fetch(`http://${target}/v2/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, JSON.stringify(value));
}
