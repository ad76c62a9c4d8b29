import { largestRequest, ObjectiveError, type ServingSize, sizeServer } from '@manara/planner';
import type { Size } from 'cdk8s';
import { ConstructError } from '../../construct-error';
import type { ColdStartProps } from '../../scaling/cold-start';
import { keptBytes } from '../../server/kept-bytes';
import type { EndpointSpec } from '../lowering';

export interface ServerSizeOptions {
  readonly maxRequestSize?: Size;
  readonly requestMemory?: Size;
  readonly serviceTimeMicros?: number;
  readonly coldStart?: ColdStartProps;
}

/** What one replica of the server asks for. */
export interface ServerSize extends ServingSize {
  readonly maxRequestBytes: number;
  /** Bytes of weights that a pod keeps on its disk. */
  readonly weightsBytes: number;
}

/** @throws ConstructError MANARA_OBJECTIVE, naming what cannot be met and the nearest that can */
export function serverSize(
  endpoint: Pick<EndpointSpec, 'path' | 'versions' | 'objective' | 'traffic' | 'server'>,
  options: ServerSizeOptions,
): ServerSize {
  const artifacts = endpoint.versions.map((v) => v.artifact);
  const modelBytes = artifacts.map((artifact) => artifact.sizeBytes);
  const request = largestRequest(
    artifacts.map((artifact) => artifact.signature),
    {
      ...(options.maxRequestSize === undefined
        ? {}
        : { maxBytes: bytesOf(options.maxRequestSize) }),
      ...(options.requestMemory === undefined
        ? {}
        : { memoryBytes: bytesOf(options.requestMemory) }),
    },
  );
  try {
    const size = sizeServer({
      modelBytes,
      requestMemoryBytes: request.memoryBytes,
      p99LatencyMillis: endpoint.objective.p99Latency.toMilliseconds(),
      availabilityPercent: endpoint.objective.availabilityPercent,
      peakRequestsPerSecond: endpoint.traffic.peakRequestsPerSecond,
      ...(options.serviceTimeMicros === undefined
        ? {}
        : { serviceTimeMillis: options.serviceTimeMicros / 1000 }),
    });
    const weightsBytes = modelBytes.reduce((sum, bytes) => sum + bytes, 0);
    const memoryBytes = size.memoryBytes + keptBytes(endpoint.server?.config ?? {});
    return {
      ...size,
      memoryBytes,
      maxRequestBytes: request.maxBytes,
      weightsBytes,
      startupSeconds: startupSeconds(size, options),
    };
  } catch (error) {
    if (!(error instanceof ObjectiveError)) throw error;
    throw new ConstructError(
      'MANARA_OBJECTIVE',
      endpoint.path,
      `objective.p99Latency: ${error.message}`,
    );
  }
}

/** What was measured once may take twice as long on a busy node; the probe waits for that. */
function startupSeconds(
  { startupSeconds: estimated }: ServingSize,
  { coldStart }: ServerSizeOptions,
): number {
  const measured = (coldStart?.load?.toMilliseconds() ?? 0) / 1000;
  return Math.max(estimated, Math.ceil(measured * 2));
}

export function bytesOf(size: Size): number {
  return size.toKibibytes() * 1024;
}
