import { Metadata, status } from '@grpc/grpc-js';
import type { ServingError } from '../errors';

/** How a call ends that is refused. */
export interface Refused {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

/** With when to come again, as REST says it and as gRPC's retry policy reads it. */
export function refusedCall(error: ServingError): Refused {
  const { grpcStatus, message, headers, retryAfterSeconds: seconds } = error;
  const metadata = Metadata.fromHttp2Headers(headers);
  if (seconds !== undefined) {
    metadata.set('retry-after', String(seconds));
    metadata.set('grpc-retry-pushback-ms', String(seconds * 1000));
  }
  return { code: status[grpcStatus], details: message, metadata };
}
