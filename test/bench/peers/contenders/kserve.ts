import { join } from 'node:path';
import { freePorts } from '../../../support/free-ports';
import type { Contender } from '../contender';
import { peersFolder } from '../paths';
import { openInference } from '../requests';
import { startPythonPeer } from './python-peer';

/** See `servers/kserve_app.py`. */
export const kserve: Contender = {
  name: 'KServe',
  protocols: ['rest', 'grpc'],
  dialect: openInference,
  async start(model) {
    const [rest = 0, grpc = 0] = await freePorts(2);
    return startPythonPeer({
      name: 'kserve',
      requirements: 'kserve',
      model,
      ports: { rest, grpc },
      launch: (python) => ({
        command: python,
        args: [
          join(peersFolder, 'servers', 'kserve_app.py'),
          ...['--model_name', model.name],
          ...['--http_port', String(rest), '--grpc_port', String(grpc)],
          ...['--enable_latency_logging', 'false', '--event-loop', 'uvloop'],
        ],
        env: { PEER_THREADS: model.name === 'minilm' ? '2' : '1' },
      }),
    });
  },
};
