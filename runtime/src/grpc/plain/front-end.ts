import type { Socket } from 'node:net';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import { peerCertificateOf } from '../../access/peer-certificate';
import type { ServerContext } from '../../context';
import { type ConnectionHost, Http2Connection } from '../../http2/connection';
import type { RequestHeaders } from '../../http2/request-head';
import type { Http2Stream, StreamReader } from '../../http2/stream';
import { inferUnary } from '../infer-call';
import type { ModelInferRequest, ModelInferResponse } from '../messages';
import { type Ending, endingOf } from '../status';
import { PlainCall, type PlainHost } from './call';
import { frame } from './frame';
import { plainHead } from './head';
import { type Inject, LibraryConnection } from './library';
import { readPlainMessage } from './read-message';
import { writePlainAnswer } from './write-answer';

type Infer = MethodDefinition<() => ModelInferRequest, ModelInferResponse>;

/**
 * Reads connections of gRPC: inferences of one message that is not packed are answered here. Every other
 * call is given to grpc-js, which can do anything and takes several times as long.
 */
export class PlainGrpcFrontEnd implements PlainHost, ConnectionHost {
  readonly bodies: ServerContext['bodies'];
  readonly maxMessageBytes: number;
  now = 0;
  private readonly method: Infer;
  /** With what grpc-js was given of each. */
  private readonly connections = new Map<Http2Connection, LibraryConnection>();
  private readonly clock: NodeJS.Timeout;
  private drained: (() => void) | undefined;

  constructor(
    private readonly context: ServerContext,
    service: ServiceDefinition,
    private readonly inject: Inject,
  ) {
    this.bodies = context.bodies;
    this.maxMessageBytes = context.maxRequestBytes;
    if (service.ModelInfer === undefined) throw new Error('the service has no method ModelInfer');
    this.method = service.ModelInfer as Infer;
    this.clock = setInterval(() => {
      this.now++;
      for (const connection of this.connections.keys()) connection.checkTime();
    }, 1000).unref();
  }

  get path(): string {
    return this.method.path;
  }

  /** Reads a connection. To be called as it opens. */
  accept(socket: Socket): void {
    const peer = () => peerCertificateOf(socket);
    const library = new LibraryConnection(this.inject, this.bodies, peer);
    this.connections.set(new Http2Connection(socket, this), library);
  }

  /** Takes no more calls, and resolves once those under way are answered. */
  async drain(): Promise<void> {
    for (const connection of this.connections.keys()) connection.leave();
    if (this.connections.size === 0) return;
    await new Promise<void>((resolve) => {
      this.drained = resolve;
    });
  }

  /** Cuts every connection. */
  close(): void {
    clearInterval(this.clock);
    for (const { socket } of this.connections.keys()) socket.destroy();
  }

  open(stream: Http2Stream, headers: RequestHeaders, connection: Http2Connection): StreamReader {
    const handOver = (came?: Buffer): StreamReader =>
      this.libraryOf(connection).open(stream, headers, came);
    const head = plainHead(this.path, headers);
    if (head === undefined) return handOver();
    const peer = () => peerCertificateOf(connection.socket);
    return new PlainCall(stream, head, this, peer, (came) => (stream.reader = handOver(came)));
  }

  async answer(message: Buffer, call: PlainCall): Promise<Buffer> {
    const { requestDeserialize, responseSerialize } = this.method;
    const read = (): ModelInferRequest =>
      readPlainMessage(message) ?? requestDeserialize(message)();
    const answer = await inferUnary(this.context, call, read);
    return writePlainAnswer(answer) ?? frame(responseSerialize(answer));
  }

  endingOf(thrown: unknown): Ending {
    return endingOf(this.context, thrown);
  }

  forget(connection: Http2Connection): void {
    this.libraryOf(connection).close();
    this.connections.delete(connection);
    if (this.connections.size === 0) this.drained?.();
  }

  private libraryOf(connection: Http2Connection): LibraryConnection {
    const library = this.connections.get(connection);
    if (library === undefined) throw new Error('a connection that is closed');
    return library;
  }
}
