import { once } from 'node:events';
import { exitCodes, remediateCommand, remediation } from '@manara/contract';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { createLogger } from '../telemetry/logger';
import { addressInCluster, KubeClient, serviceAccountFolder } from './kube';
import { RemediationLog } from './record';
import { Remediator } from './remediator';
import { createWebhook } from './webhook';

/**
 * `manara-server remediate`: acts on the alerts that Alertmanager tells of, until it is asked to end.
 *
 * @param argv - the arguments after the word `remediate`.
 * @returns the exit code.
 */
export async function runRemediate(argv: readonly string[]): Promise<number> {
  let flags: Flags;
  try {
    flags = createCommand().parse(argv, { from: 'user' }).opts<Flags>();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
  let kube: KubeClient;
  try {
    kube = new KubeClient(await addressInCluster(process.env, flags.serviceAccount));
  } catch (error) {
    process.stderr.write(`manara-server: ${error instanceof Error ? error.message : ''}\n`);
    return exitCodes.failure;
  }
  const pino = createLogger('info');
  const log = new RemediationLog(pino);
  const server = createWebhook(new Remediator(kube, log), log);
  server.listen(flags.port, flags.host);
  await once(server, 'listening');
  pino.info({ event: 'listening', port: flags.port }, 'alerts are answered');
  await Promise.race(['SIGTERM', 'SIGINT'].map((signal) => once(process, signal)));
  server.close();
  server.closeIdleConnections();
  return exitCodes.ok;
}

interface Flags {
  readonly host: string;
  readonly port: number;
  readonly serviceAccount: string;
}

function createCommand(): Command {
  return new Command(`manara-server ${remediateCommand}`)
    .description('Acts on the alerts of endpoints, within the bounds that their tables set.')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option(
      '--service-account <folder>',
      "folder of the pod's token, namespace and authority",
      serviceAccountFolder,
    )
    .option('--port <number>', 'port to listen on', portOf, remediation.port)
    .exitOverride();
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('expected a port from 0 to 65535');
}
