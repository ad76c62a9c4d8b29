import { join } from 'node:path';
import { freePorts } from '../../../support/free-ports';
import type { Contender } from '../contender';
import { peersFolder } from '../paths';
import { plain } from '../requests';
import { startPythonPeer } from './python-peer';

/** See `servers/fastapi_app.py`. */
export const fastapi: Contender = {
  name: 'FastAPI tuned',
  protocols: ['rest'],
  dialect: plain('/infer'),
  async start(model) {
    const [port = 0] = await freePorts(1);
    return startPythonPeer({
      name: 'fastapi',
      requirements: 'web',
      model,
      ports: { rest: port },
      launch: (python) => ({
        command: python,
        args: [
          ...['-m', 'uvicorn', 'fastapi_app:app', '--host', '127.0.0.1', '--port', String(port)],
          ...['--workers', '2', '--loop', 'uvloop', '--http', 'httptools'],
          ...['--no-access-log', '--log-level', 'warning'],
        ],
      }),
    });
  },
};

/** See `servers/mosec_app.py`. */
export const mosec: Contender = {
  name: 'mosec',
  protocols: ['rest'],
  dialect: plain('/inference'),
  async start(model) {
    const [port = 0] = await freePorts(1);
    return startPythonPeer({
      name: 'mosec',
      requirements: 'web',
      model,
      ports: { rest: port },
      launch: (python, folder) => ({
        command: python,
        args: [
          join(peersFolder, 'servers', 'mosec_app.py'),
          ...['--address', '127.0.0.1', '--port', String(port)],
          ...['--path', join(folder, 'sockets'), '--log-level', 'warning'],
        ],
      }),
    });
  },
};
