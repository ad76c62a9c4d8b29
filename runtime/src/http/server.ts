import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { Server as NetServer, Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { drainTimes } from '@manara/contract';
import type { Action } from '../access/gate';
import type { ServerTls } from '../access/server-tls';
import type { LeaveSignal } from '../call';
import type { ServerContext } from '../context';
import { ServingError } from '../errors';
import type { Hold } from '../limits/byte-budget';
import { stallSeconds } from '../limits/stalled-reader';
import { answerClientError } from './client-error';
import { BodyCodec } from './codec';
import { routeHandlers } from './handlers';
import { OpenRequests } from './open-requests';
import type { HttpParser } from './parser';
import { Pipelines } from './pipelines';
import { PlainFrontEnd } from './plain/front-end';
import { sendError } from './reply';
import { Router } from './router';
import { HttpTerms, NodeSender } from './terms';
import { timeouts } from './timeouts';
import { detailOf } from '../thrown';

/** The REST front end. */
export class HttpFrontEnd {
  readonly server: ReturnType<typeof createServer | typeof createTlsServer>;
  private readonly router: Router;
  private readonly codec = new BodyCodec();
  private readonly open = new OpenRequests();
  private readonly pipelines = new Pipelines(this.open);
  private readonly plain: PlainFrontEnd | undefined;

  /** Event that tells of a connection over which requests can come. */
  private readonly opening: 'connection' | 'secureConnection';

  /** @param tls - @default - connections are not encrypted */
  constructor(
    private readonly context: ServerContext,
    parser: HttpParser,
    tls?: ServerTls,
  ) {
    this.router = new Router(routeHandlers(context, this.codec));
    const accept = (request: IncomingMessage, response: ServerResponse): void => {
      this.accept(request, response);
    };
    if (tls === undefined) {
      this.server = createServer(timeouts, accept);
      this.opening = 'connection';
    } else {
      const secure = createTlsServer({ ...timeouts, ...tls.options() }, accept);
      tls.follow(secure);
      this.server = secure;
      this.opening = 'secureConnection';
    }
    // A caller may end its side once it has sent its request, and is answered none the less.
    Object.assign(this.server, { httpAllowHalfOpen: true });
    this.server.on(this.opening, (socket: Socket) => {
      this.pipelines.connected(socket);
    });
    this.server.maxConnections = context.maxConnections;
    this.server.setTimeout(stallSeconds * 1000, (socket) => {
      // Whoever waits for an answer may be silent; whoever does not read it is kept no longer.
      const waits = this.pipelines.head(socket) !== undefined && socket.writableLength === 0;
      if (!waits) socket.destroy();
    });
    this.server.on('clientError', ({ code }: NodeJS.ErrnoException, socket) => {
      if (!(socket instanceof Socket)) return;
      if (!this.pipelines.knows(socket)) {
        // The handshake failed: nothing could be said that would be understood.
        socket.destroy();
        return;
      }
      const begun = this.pipelines.head(socket)?.headersSent ?? false;
      answerClientError(code, socket, begun);
    });
    this.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      // A caller that asks first is told before it sends what would be refused.
      const length = Number(request.headers['content-length'] ?? 0);
      this.accept(request, response, length <= context.maxRequestBytes);
    });
    if (parser === 'own') this.plain = this.interpose();
  }

  /**
   * Stops accepting connections, and resolves once every request that came in is answered and
   * every connection closed.
   */
  async drain(): Promise<void> {
    // Not http's own close: it cuts connections on which a request may be on its way already.
    NetServer.prototype.close.call(this.server);
    await setTimeout(drainTimes.idleConnectionMillis);
    await this.open.none();
    this.close();
  }

  /** Cuts every connection. */
  close(): void {
    this.server.close();
    this.server.closeAllConnections();
    this.plain?.close();
    void this.codec.close();
  }

  /** Puts our own parser between the connections and those who listen to them so far. */
  private interpose(): PlainFrontEnd {
    const { server, context, codec, open, opening } = this;
    const readers = server.listeners(opening);
    const plain = new PlainFrontEnd({
      context,
      codec,
      open,
      handOver: (socket) => {
        for (const reader of readers) reader.call(server, socket);
      },
    });
    server.removeAllListeners(opening);
    server.on(opening, (socket: Socket) => {
      plain.accept(socket);
    });
    return plain;
  }

  /** @param goOn - whether the caller waits to be told to send its body, and may. */
  private accept(request: IncomingMessage, response: ServerResponse, goOn = false): void {
    const left = this.pipelines.add(request, response);
    if (this.context.isDraining()) response.setHeader('connection', 'close');
    this.answer(request, response, left, goOn).catch((thrown: unknown) => {
      if (!(thrown instanceof ServingError)) this.report(thrown);
      sendError(request, response, thrown);
    });
  }

  /** Held until the answer is gone, or its caller. */
  private holdFor(response: ServerResponse, left: LeaveSignal): Hold {
    const held = this.context.bodies.hold();
    const release = (): void => {
      held.release();
    };
    response.once('close', release);
    // Of a pipeline, only the response at its head is told that the connection is gone.
    if (left.aborted) release();
    else left.addEventListener('abort', release);
    return held;
  }

  private async answer(
    request: IncomingMessage,
    response: ServerResponse,
    left: LeaveSignal,
    goOn: boolean,
  ): Promise<void> {
    const { method = '', url = '' } = request;
    const { name, route, handler, parameters } = this.router.find(method, url, (allowed) => {
      response.setHeader('allow', allowed);
    });
    const { verb } = route;
    const action: Action = { name, verb, protocol: 'http', target: () => parameters };
    const sender = new NodeSender(request.headers, request.socket);
    const held = this.holdFor(response, left);
    await this.context.gate.through(sender, action, async (caller) => {
      if (goOn) response.writeContinue();
      const terms = new HttpTerms(sender, caller, left);
      await handler({ request, response, parameters, terms, held });
    });
  }

  private report(thrown: unknown): void {
    this.context.log.write('error', 'internal_error', detailOf(thrown));
  }
}
