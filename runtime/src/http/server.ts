import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer, Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { drainTimes } from '@manara/contract';
import { anonymous, type Caller, type CallTerms } from '../call';
import type { ServerContext } from '../context';
import { ServingError } from '../errors';
import { answerClientError } from './client-error';
import { BodyCodec } from './codec';
import { routeHandlers } from './handlers';
import { OpenRequests } from './open-requests';
import type { HttpParser } from './parser';
import { Pipelines } from './pipelines';
import { PlainFrontEnd } from './plain/front-end';
import { sendError } from './reply';
import { Router } from './router';
import { HttpTerms, NodeSender, type Sender } from './terms';
import { timeouts } from './timeouts';

/** The REST front end. */
export class HttpFrontEnd {
  readonly server: Server;
  private readonly router: Router;
  private readonly codec = new BodyCodec();
  private readonly open = new OpenRequests();
  private readonly pipelines = new Pipelines(this.open);
  private readonly plain: PlainFrontEnd | undefined;

  constructor(
    private readonly context: ServerContext,
    parser: HttpParser,
  ) {
    this.router = new Router(routeHandlers(context, this.codec));
    this.server = createServer(timeouts, (request, response) => {
      this.accept(request, response);
    });
    // A caller may end its side once it has sent its request, and is answered none the less.
    Object.assign(this.server, { httpAllowHalfOpen: true });
    this.server.on('connection', (socket) => {
      this.pipelines.connected(socket);
    });
    this.server.on('clientError', ({ code }: NodeJS.ErrnoException, socket) => {
      if (!(socket instanceof Socket)) return;
      const begun = this.pipelines.head(socket)?.headersSent ?? false;
      answerClientError(code, socket, begun);
    });
    this.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      // A caller that asks first is told before it sends what would be refused.
      const length = Number(request.headers['content-length'] ?? 0);
      if (length <= context.maxRequestBytes) response.writeContinue();
      this.accept(request, response);
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
    const { server, context, codec, open } = this;
    const readers = server.listeners('connection');
    const plain = new PlainFrontEnd({
      context,
      codec,
      open,
      callerOf,
      handOver: (socket) => {
        for (const reader of readers) reader.call(server, socket);
      },
    });
    server.removeAllListeners('connection');
    server.on('connection', (socket) => {
      plain.accept(socket);
    });
    return plain;
  }

  private accept(request: IncomingMessage, response: ServerResponse): void {
    const sender = new NodeSender(request.headers, request.socket);
    const terms = new HttpTerms(sender, callerOf(sender), this.pipelines.add(request, response));
    if (this.context.isDraining()) response.setHeader('connection', 'close');
    this.answer(request, response, terms).catch((thrown: unknown) => {
      if (!(thrown instanceof ServingError)) this.report(thrown);
      sendError(request, response, thrown);
    });
  }

  private async answer(
    request: IncomingMessage,
    response: ServerResponse,
    terms: CallTerms,
  ): Promise<void> {
    const { method = '', url = '' } = request;
    const { handler, parameters } = this.router.find(method, url, (allowed) => {
      response.setHeader('allow', allowed);
    });
    await handler({ request, response, parameters, terms });
  }

  private report(thrown: unknown): void {
    const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    this.context.log.write('error', 'internal_error', detail);
  }
}

/** Who sent a request: asked once for each, whichever parser read it. */
const callerOf: (sender: Sender) => Caller = () => anonymous;
