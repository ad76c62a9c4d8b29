import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { drainTimes } from '@manara/contract';
import type { ServerContext } from '../context';
import { ServingError } from '../errors';
import { routeHandlers } from './handlers';
import { sendError } from './reply';
import { Router } from './router';

const timeouts = {
  /** To send the headers. */
  headersTimeout: 20_000,
  /** To send the whole request. */
  requestTimeout: 120_000,
  /** Longer than load balancers keep idle connections, so that they close first. */
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 5_000,
} as const;

/** The REST front end. */
export class HttpFrontEnd {
  readonly server: Server;
  private readonly router: Router;
  private open = 0;
  private whenAnswered: (() => void) | undefined;

  constructor(private readonly context: ServerContext) {
    this.router = new Router(routeHandlers(context));
    this.server = createServer(timeouts, (request, response) => {
      this.accept(request, response);
    });
    this.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      // A caller that asks first is told before it sends what would be refused.
      const length = Number(request.headers['content-length'] ?? 0);
      if (length <= context.maxRequestBytes) response.writeContinue();
      this.accept(request, response);
    });
  }

  /**
   * Stops accepting connections, and resolves once every request that came in is answered and
   * every connection closed.
   */
  async drain(): Promise<void> {
    // Not http's own close: it cuts connections on which a request may be on its way already.
    NetServer.prototype.close.call(this.server);
    await setTimeout(drainTimes.idleConnectionMillis);
    while (this.open > 0) {
      await new Promise<void>((resolve) => {
        this.whenAnswered = resolve;
      });
    }
    this.close();
  }

  /** Cuts every connection. */
  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private accept(request: IncomingMessage, response: ServerResponse): void {
    this.open++;
    response.once('close', () => {
      this.open--;
      if (this.open === 0) this.whenAnswered?.();
    });
    if (this.context.isDraining()) response.setHeader('connection', 'close');
    this.answer(request, response).catch((thrown: unknown) => {
      if (!(thrown instanceof ServingError)) this.report(thrown);
      sendError(request, response, thrown);
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const { handler, parameters } = this.router.find(method, url, (allowed) => {
      response.setHeader('allow', allowed);
    });
    await handler(request, response, parameters);
  }

  private report(thrown: unknown): void {
    const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    this.context.log.write('error', 'internal_error', detail);
  }
}
