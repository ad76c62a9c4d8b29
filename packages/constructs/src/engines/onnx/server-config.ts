import {
  container,
  drainTimes,
  parseServerConfig,
  ports,
  secondsToStop,
  type ServerConfig,
  ServerConfigError,
} from '@manara/contract';
import { lateMarker } from '@manara/residency';
import { unlessAbsent } from '../../absent';
import { ConstructError } from '../../construct-error';
import type { Workload } from '../lowering';
import type { ServerSize } from './server-size';
import { weightsUri } from './weights';

/** Timers run late on a node that has no CPU to spare, as one that is being drained may. */
const sparedSeconds = 5;

/** Kubernetes kills the container after this; the server must have ended by itself before. */
export const terminationGraceSeconds = Math.ceil(secondsToStop()) + sparedSeconds;

/**
 * The server's configuration for a workload, checked against the contract's schema.
 *
 * @throws ConstructError MANARA_ENGINE for a value that the server would refuse
 */
export function serverConfig({ endpoint, site }: Workload, size: ServerSize): ServerConfig {
  const traces = unlessAbsent(site.traces);
  const config: ServerConfig = {
    modelRepository: container.modelRepository,
    // The pod's network is closed but for the callers that the endpoint names.
    host: '0.0.0.0',
    // Until endpoints have props for identity, the network policy says who may call, and nobody is asked.
    allowAnonymous: true,
    httpPort: ports.http,
    grpcPort: ports.grpc,
    metricsPort: ports.metrics,
    maxRequestBytes: size.maxRequestBytes,
    workers: size.workers,
    intraOpThreads: size.intraOpThreads,
    drainDelaySeconds: drainTimes.delaySeconds,
    drainTimeoutSeconds: drainTimes.timeoutSeconds,
    logLevel: 'info',
    ...(traces === undefined ? {} : { tracesEndpoint: traces.uri }),
    models: [
      {
        name: endpoint.name,
        defaultVersion: endpoint.defaultVersion,
        versions: endpoint.versions.map(({ number, artifact }) => ({
          version: number,
          uri: weightsUri(artifact, site.place),
          sha256: artifact.sha256,
        })),
      },
    ],
  };
  validate(endpoint.path, config);
  return config;
}

/**
 * Checks a configuration against the contract's schema.
 *
 * Values that are not known yet cannot be wrong yet: each stands as an address while it is checked.
 *
 * @throws ConstructError MANARA_ENGINE
 */
export function validate(at: string, config: ServerConfig): void {
  const text = JSON.stringify(config).replace(new RegExp(lateMarker, 'g'), 'https://late.invalid');
  try {
    parseServerConfig(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof ServerConfigError)) throw error;
    throw new ConstructError('MANARA_ENGINE', at, `engine: ${error.faults.join('; ')}`);
  }
}
