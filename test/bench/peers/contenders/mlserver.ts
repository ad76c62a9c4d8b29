import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freePorts } from '../../../support/free-ports';
import type { Contender } from '../contender';
import { openInference } from '../requests';
import { startPythonPeer } from './python-peer';

/**
 * MLServer with a custom runtime (`servers/mlserver_runtime.py`), without access logs and compression.
 *
 * @param workers inference processes; 0: the model runs where requests are read
 */
export function mlserver(name: string, workers: number): Contender {
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
        max_batch_size: 32,
        max_batch_time: 0.001,
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
            env: { MLSERVER_METRICS_DIR: folder },
          };
        },
      });
    },
  };
}
