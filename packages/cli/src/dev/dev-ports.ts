import { once } from 'node:events';
import { createServer } from 'node:net';
import { CliError, messageOf, systemCode } from '../cli-error';

/** Ports on 127.0.0.1; 0 for any that is free. */
export interface DevPorts {
  readonly httpPort: number;
  readonly grpcPort: number;
  readonly metricsPort: number;
}

const flagOf: Readonly<Record<keyof DevPorts, string>> = {
  httpPort: '--http-port',
  grpcPort: '--grpc-port',
  metricsPort: '--metrics-port',
};

/**
 * Looks before a server is started, which would load every model first and then name flags of its own.
 *
 * @throws CliError naming every port of 127.0.0.1 that cannot be had
 */
export async function refuseBusyPorts(ports: DevPorts): Promise<void> {
  const names = ['httpPort', 'grpcPort', 'metricsPort'] as const;
  const reasons = await Promise.all(names.map((name) => reasonAgainst(ports[name])));
  const faults = names.flatMap((name, i) => {
    const reason = reasons[i];
    return reason === undefined
      ? []
      : [
          `${flagOf[name]}: 127.0.0.1:${ports[name]} ${reason}; choose another, or 0 for any free one`,
        ];
  });
  if (faults.length > 0) throw new CliError(faults.join('\n       '));
}

async function reasonAgainst(port: number): Promise<string | undefined> {
  if (port === 0) return undefined;
  const probe = createServer();
  try {
    await once(probe.listen(port, '127.0.0.1'), 'listening');
    return undefined;
  } catch (error) {
    return systemCode(error) === 'EADDRINUSE' ? 'is in use' : `cannot be had: ${messageOf(error)}`;
  } finally {
    probe.close();
  }
}
