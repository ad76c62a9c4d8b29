import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freePorts } from '../../../support/free-ports';
import type { Contender } from '../contender';
import { openInference } from '../requests';
import { startPythonPeer } from './python-peer';

/**
 * MLServer with a custom runtime (`servers/mlserver_runtime.py`), without access logs and compression.
 *
 * @param workers inference processes of one engine thread each; 0: the model runs where requests are
 *   read, with as many engine threads as the machine has cores if it is large enough to use them
 * @param batch requests that its adaptive batching puts together at most; 1: it is off, as by default
 */
export function mlserver(name: string, workers: number, batch: number): Contender {
  return {
    name,
    protocols: ['rest', 'grpc'],
    dialect: openInference,
    async start(model) {
      const [rest = 0, grpc = 0, metrics = 0] = await freePorts(3);
      const settings = {
        debug: false,
        gzip_enabled: false,
        host: '127.0.0.1',
        http_port: rest,
        grpc_port: grpc,
        metrics_port: metrics,
        parallel_workers: workers,
      };
      const modelSettings = {
        name: model.name,
        implementation: 'mlserver_runtime.OnnxRuntime',
        ...(batch > 1 && { max_batch_size: batch, max_batch_time: 0.001 }),
      };
      return startPythonPeer({
        name: 'mlserver',
        requirements: 'mlserver',
        model,
        ports: { rest, grpc },
        launch: (python, folder) => {
          writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
          writeFileSync(join(folder, 'model-settings.json'), JSON.stringify(modelSettings));
          return {
            command: join(dirname(python), 'mlserver'),
            args: ['start', folder],
            env: {
              MLSERVER_METRICS_DIR: folder,
              PEER_THREADS: workers === 0 && model.name === 'minilm' ? '2' : '1',
            },
          };
        },
      });
    },
  };
}
