import type { Deadline, Metadata } from '@grpc/grpc-js';
import type { Caller, CallTerms, LeaveSignal } from '../call';

/** What a call or a stream tells of itself. */
interface Asked {
  readonly metadata: Metadata;
  getDeadline(): Deadline;
}

/** The terms of a call, or of one request of a stream. */
export class GrpcTerms implements CallTerms {
  private readonly metadata: Metadata;
  readonly deadline: number | undefined;

  constructor(
    call: Asked,
    readonly caller: Caller,
    readonly left: LeaveSignal,
  ) {
    this.metadata = call.metadata;
    const until = Number(call.getDeadline());
    if (Number.isFinite(until)) this.deadline = performance.now() + until - Date.now();
  }

  header(name: string): string | undefined {
    return this.metadata.get(name)[0]?.toString();
  }
}
