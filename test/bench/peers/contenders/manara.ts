import { startServerProcess } from '../../server-process';
import type { Contender } from '../contender';
import { openInference } from '../requests';

/** Our server, by its defaults but for what is given. */
export function manara(name = 'manara', flags: readonly string[] = []): Contender {
  return {
    name,
    protocols: ['rest', 'grpc'],
    dialect: openInference,
    async start(model) {
      const server = await startServerProcess(model.repository, flags);
      return {
        pid: server.pid,
        ports: { rest: portOf(server.http), grpc: portOf(server.grpc) },
        stop: () => server.stop(),
      };
    },
  };
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}
