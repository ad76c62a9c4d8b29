import type { Metadata } from '@grpc/grpc-js';
import type { Caller, CallTerms } from '../call';

/** The terms of a call, or of one request of a stream. */
export class GrpcTerms implements CallTerms {
  constructor(
    private readonly metadata: Metadata,
    readonly caller: Caller,
    readonly left: AbortSignal,
  ) {}

  header(name: string): string | undefined {
    return this.metadata.get(name)[0]?.toString();
  }
}
