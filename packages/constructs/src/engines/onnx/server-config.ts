import { container, parseServerConfig, ports, type ServerConfig } from '@manara/contract';
import { lateMarker } from '@manara/residency';
import { Absent } from '../../absent';
import type { Workload } from '../lowering';
import type { ServerSize } from './server-size';
import { weightsUri } from './weights';

/** After SIGTERM, time for endpoints and load balancers to look away. */
const drainDelaySeconds = 5;
const drainTimeoutSeconds = 30;

/** Kubernetes kills the container after this; the server must have drained before. */
export const terminationGraceSeconds = drainDelaySeconds + drainTimeoutSeconds + 10;

/** The server's configuration for a workload, checked against the contract's schema. */
export function serverConfig({ endpoint, site }: Workload, size: ServerSize): ServerConfig {
  const config: ServerConfig = {
    modelRepository: container.modelRepository,
    // The pod's network is closed but for the callers that the endpoint names.
    host: '0.0.0.0',
    httpPort: ports.http,
    grpcPort: ports.grpc,
    metricsPort: ports.metrics,
    maxRequestBytes: size.maxRequestBytes,
    workers: size.workers,
    intraOpThreads: size.intraOpThreads,
    drainDelaySeconds,
    drainTimeoutSeconds,
    logLevel: 'info',
    ...(site.traces instanceof Absent ? {} : { tracesEndpoint: site.traces.uri }),
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
  validate(config);
  return config;
}

/** Values that are not known yet cannot be wrong yet: each stands as an address while it is checked. */
function validate(config: ServerConfig): void {
  const text = JSON.stringify(config).replace(new RegExp(lateMarker, 'g'), 'https://late.invalid');
  parseServerConfig(JSON.parse(text));
}
