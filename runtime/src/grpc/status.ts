import { Metadata, status } from '@grpc/grpc-js';
import type { ServerContext } from '../context';
import { errors, ServingError } from '../errors';
import { detailOf } from '../thrown';

/** How a call ends that is not answered. */
export interface Ending {
  readonly code: status;
  readonly details: string;
  readonly metadata?: Metadata;
}

/** With when to come again, as REST says it and as gRPC's retry policy reads it. */
export function refusedCall(error: ServingError): Required<Ending> {
  const { grpcStatus, message, headers, retryAfterSeconds: seconds } = error;
  const metadata = Metadata.fromHttp2Headers(headers);
  if (seconds !== undefined) {
    metadata.set('retry-after', String(seconds));
    metadata.set('grpc-retry-pushback-ms', String(seconds * 1000));
  }
  return { code: status[grpcStatus], details: message, metadata };
}

/** How a call ends of which that was thrown; what nobody foresaw is logged, and not told. */
export function endingOf({ log }: ServerContext, thrown: unknown): Ending {
  if (thrown instanceof ServingError) return refusedCall(thrown);
  log.write('error', 'internal_error', detailOf(thrown));
  const { grpcStatus, message } = errors.internal();
  return { code: status[grpcStatus], details: message };
}
