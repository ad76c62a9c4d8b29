import type { PeerCertificate } from 'node:tls';
import type { Deadline, Metadata } from '@grpc/grpc-js';
import type { Approach } from '../access/credential';
import type { Caller, CallTerms, LeaveSignal } from '../call';
import { relayedCertificate } from './relayed-peer';

/** A call or a stream as it was asked, whoever read it. */
export interface Asked extends Approach {
  /** After which the answer is of no use, as `performance.now()` gives it. @default - none */
  readonly deadline: number | undefined;
}

/** What grpc-js has of a call or a stream; it gives the certificate only if it was verified. */
interface LibraryCall {
  readonly metadata: Metadata;
  getDeadline(): Deadline;
  getAuthContext(): { readonly sslPeerCertificate?: PeerCertificate };
}

/** A call or a stream that grpc-js read. */
export class AskedOfLibrary implements Asked {
  readonly deadline: number | undefined;

  constructor(private readonly call: LibraryCall) {
    const until = Number(call.getDeadline());
    if (Number.isFinite(until)) this.deadline = performance.now() + until - Date.now();
  }

  header(name: string): string | undefined {
    return this.call.metadata.get(name)[0]?.toString();
  }

  peerCertificate(): PeerCertificate | undefined {
    return relayedCertificate(this.call.metadata) ?? this.call.getAuthContext().sslPeerCertificate;
  }
}

/** The terms of a call, or of one request of a stream. */
export class GrpcTerms implements CallTerms {
  readonly protocol = 'grpc';

  constructor(
    private readonly asked: Asked,
    readonly caller: Caller,
    readonly left: LeaveSignal,
  ) {}

  get deadline(): number | undefined {
    return this.asked.deadline;
  }

  header(name: string): string | undefined {
    return this.asked.header(name);
  }
}
