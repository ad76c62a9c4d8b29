import { container, drainTimes, ports, secondsToStop, type ServerConfig } from '@manara/contract';
import type { Objective } from '../../objective';
import { tracesTarget } from '../../observability/watcher';
import { completeConfig } from '../../server/complete-config';
import { routedVariants } from '../../server/routed-config';
import type { Workload } from '../lowering';
import type { ServerSize } from './server-size';
import { validate } from '../parts/valid-config';
import { publishedFiles } from '../parts/weights';

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
  const traces = tracesTarget(site);
  const names = { zone: site.zone.name, endpoint: endpoint.name };
  const variants = routedVariants(endpoint, site.mesh !== undefined);
  const given = completeConfig(
    { ...endpoint.server?.config, ...(variants && { variants }) },
    names,
  );
  const config: ServerConfig = {
    modelRepository: container.modelRepository,
    // The pod's network is closed but for the callers that the endpoint names.
    host: '0.0.0.0',
    // Without identity the network policy says who may call, and nobody is asked.
    ...(given.identity === undefined ? { allowAnonymous: true } : {}),
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
        objectiveMillis: admissionMillis(endpoint.objective),
        versions: endpoint.versions.map(({ number, artifact }) => ({
          version: number,
          ...publishedFiles(artifact, artifact.bucketFor(site.place)),
        })),
      },
    ],
    ...given,
  };
  validate(endpoint.path, config);
  return config;
}

/** Longest objective that the server takes. */
const longestMillis = 3_600_000;

/**
 * What the server refuses requests by that it could not answer in time: the declared latency itself, as
 * that is measured at the server too, with nothing left for the network.
 */
function admissionMillis({ p99Latency }: Objective): number {
  return Math.min(longestMillis, Math.ceil(p99Latency.toMilliseconds()));
}
