import { ObjectiveError, type ServingSize, sizeServer } from '@manara/planner';
import { type Duration, Size } from 'cdk8s';
import { ConstructError } from '../../construct-error';
import type { EndpointSpec } from '../lowering';

export interface ServerSizeOptions {
  readonly maxRequestSize?: Size;
  readonly serviceTime?: Duration;
}

/** What one replica of the server asks for. */
export interface ServerSize extends ServingSize {
  readonly maxRequestBytes: number;
  /** Bytes of weights that a pod keeps on its disk. */
  readonly weightsBytes: number;
}

const defaultMaxRequestSize = Size.mebibytes(16);

/** @throws ConstructError MANARA_OBJECTIVE, naming what cannot be met and the nearest that can */
export function serverSize(endpoint: EndpointSpec, options: ServerSizeOptions): ServerSize {
  const modelBytes = endpoint.versions.map((v) => v.artifact.sizeBytes);
  const maxRequestBytes = (options.maxRequestSize ?? defaultMaxRequestSize).toKibibytes() * 1024;
  try {
    const size = sizeServer({
      modelBytes,
      maxRequestBytes,
      p99LatencyMillis: endpoint.objective.p99Latency.toMilliseconds(),
      availabilityPercent: endpoint.objective.availabilityPercent,
      peakRequestsPerSecond: endpoint.traffic.peakRequestsPerSecond,
      ...(options.serviceTime === undefined
        ? {}
        : { serviceTimeMillis: options.serviceTime.toMilliseconds() }),
    });
    const weightsBytes = modelBytes.reduce((sum, bytes) => sum + bytes, 0);
    return { ...size, maxRequestBytes, weightsBytes };
  } catch (error) {
    if (!(error instanceof ObjectiveError || error instanceof RangeError)) throw error;
    throw new ConstructError('MANARA_OBJECTIVE', endpoint.path, error.message);
  }
}
