import type { Socket } from 'node:net';
import type { PeerCertificate } from 'node:tls';
import { peerCertificateOf } from '../../access/peer-certificate';
import { CallerLeft } from '../../call';
import type { Hold } from '../../limits/byte-budget';
import type { Sender } from '../terms';
import type { PlainHead } from './head';
import { IncomingBody } from './incoming-body';

/** A plain request from its head to its answer: who sends it, its body, and whether the sender waits. */
export class PlainRequest implements Sender {
  readonly left = new CallerLeft();
  readonly body: IncomingBody;

  constructor(
    readonly head: PlainHead,
    readonly socket: Socket,
    /** What the body is counted against, and the answer. */
    readonly held: Hold,
  ) {
    this.body = new IncomingBody(head);
  }

  header(name: string): string | undefined {
    return this.head.fields.get(name);
  }

  peerCertificate(): PeerCertificate | undefined {
    return peerCertificateOf(this.socket);
  }
}
