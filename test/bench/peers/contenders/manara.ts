import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServerConfig, withHugePages } from '@manara/contract';
import { startServerProcess } from '../../server-process';
import type { Contender } from '../contender';
import { openInference } from '../requests';
import { startCollector } from './collector';

/** What is otherwise than by default. */
export interface Variation {
  readonly flags?: readonly string[];
  readonly config?: Readonly<ServerConfig>;
}

/** Our server as its image starts it, by its defaults but for what is given, and with a collector for its spans. */
export function manara(
  name = 'manara',
  { flags = [], config: more = {} }: Variation = {},
): Contender {
  return {
    name,
    protocols: ['rest', 'grpc'],
    dialect: openInference,
    async start(model) {
      const folder = mkdtempSync(join(tmpdir(), 'manara-peers-'));
      const collector = await startCollector();
      const file = join(folder, 'config.json');
      const config: ServerConfig = { tracesEndpoint: collector.url, ...more };
      writeFileSync(file, JSON.stringify(config));
      const args = [...flags, '--config', file];
      const server = await startServerProcess(model.repository, args, withHugePages(process.env));
      return {
        pid: server.pid,
        ports: { rest: portOf(server.http), grpc: portOf(server.grpc) },
        async stop() {
          await server.stop();
          await collector.stop();
          rmSync(folder, { recursive: true });
          const traced = config.tracesEndpoint !== undefined;
          if (traced && collector.batches === 0) throw new Error('no span reached the collector');
        },
      };
    },
  };
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}
