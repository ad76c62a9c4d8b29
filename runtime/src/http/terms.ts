import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { PeerCertificate } from 'node:tls';
import { headers } from '@manara/contract';
import type { Approach } from '../access/credential';
import { peerCertificateOf } from '../access/peer-certificate';
import type { Caller, CallTerms, LeaveSignal } from '../call';

/** What tells who sent a request: whichever parser read it. */
export interface Sender extends Approach {
  readonly socket: Socket;
}

/** The terms of a request that came over REST. */
export class HttpTerms implements CallTerms {
  readonly protocol = 'http';
  readonly deadline: number | undefined;

  constructor(
    private readonly sender: Sender,
    readonly caller: Caller,
    readonly left: LeaveSignal,
  ) {
    this.deadline = deadlineAfter(this.header(headers.expectedTimeout));
  }

  header(name: string): string | undefined {
    return this.sender.header(name);
  }
}

/** The sender of a request that node:http read. */
export class NodeSender implements Sender {
  constructor(
    private readonly headers: IncomingHttpHeaders,
    readonly socket: Socket,
  ) {}

  header(name: string): string | undefined {
    const value = this.headers[name];
    return Array.isArray(value) ? value[0] : value;
  }

  peerCertificate(): PeerCertificate | undefined {
    return peerCertificateOf(this.socket);
  }
}

/** What a proxy says of its patience is a hint: what cannot be read is passed over. */
export function deadlineAfter(millis: string | undefined): number | undefined {
  if (millis === undefined || !/^\d{1,9}$/.test(millis)) return undefined;
  return performance.now() + Number(millis);
}
