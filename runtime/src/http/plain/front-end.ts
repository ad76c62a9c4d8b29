import type { Socket } from 'node:net';
import type { CallTerms } from '../../call';
import { answerInference, beginInference, type InferRouteParts } from '../infer';
import type { OpenRequests } from '../open-requests';
import type { Sender } from '../terms';
import { PlainConnection, type PlainHost } from './connection';
import type { PlainHead } from './head';
import { answered, refused } from './reply';
import { PlainRequest } from './request';

/** Bodies up to this size are plain: JSON of it is read on the I/O thread. */
const maxPlainBytes = 256 * 1024;

export interface PlainParts extends InferRouteParts {
  readonly open: OpenRequests;
  /** The terms of a request, whichever parser read it. */
  readonly termsOf: (sender: Sender, left: AbortSignal) => CallTerms;
  /** Gives a connection to node:http. */
  readonly handOver: (socket: Socket) => void;
}

/**
 * Reads connections for as long as plain inferences are all that comes over them. The first thing that
 * is anything else goes to node:http as it came, and the connection with it, for good.
 */
export class PlainFrontEnd implements PlainHost {
  readonly maxBodyBytes: number;
  now = 0;
  private readonly connections = new Set<PlainConnection>();
  private readonly clock: NodeJS.Timeout;

  constructor(private readonly parts: PlainParts) {
    this.maxBodyBytes = Math.min(maxPlainBytes, parts.context.maxRequestBytes);
    this.clock = setInterval(() => {
      this.now++;
      for (const connection of this.connections) connection.checkTime();
    }, 1000).unref();
  }

  get isDraining(): boolean {
    return this.parts.context.isDraining();
  }

  /** Reads a connection. To be called as it opens. */
  accept(socket: Socket): void {
    this.connections.add(new PlainConnection(socket, this));
  }

  /** Cuts every connection. */
  close(): void {
    clearInterval(this.clock);
    for (const { socket } of this.connections) socket.destroy();
  }

  begin(head: PlainHead, socket: Socket): PlainRequest {
    const left = new AbortController();
    const sender = { socket, header: (name: string) => head.fields.get(name) };
    const terms = this.parts.termsOf(sender, left.signal);
    this.parts.open.began();
    return new PlainRequest(head, terms, beginInference(this.parts, head, terms), () => {
      left.abort();
    });
  }

  answer(request: PlainRequest, body: Buffer<ArrayBuffer>, connection: PlainConnection): void {
    answerInference(this.parts, request, body, request.head.jsonLength)
      .then((answer) => {
        connection.reply(answered(answer));
      })
      .catch((thrown: unknown) => {
        connection.reply(refused(request.call.failed(thrown)));
      });
  }

  finish(): void {
    this.parts.open.ended();
  }

  forget(connection: PlainConnection): void {
    this.connections.delete(connection);
  }

  handOver({ socket }: PlainConnection): void {
    this.parts.handOver(socket);
  }
}
