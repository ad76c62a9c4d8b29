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
      const { pid, http, grpc, stop } = await startServerProcess(model.repository, flags);
      return { pid, ports: { rest: portOf(http), grpc: portOf(grpc) }, stop };
    },
  };
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}
