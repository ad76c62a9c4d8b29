import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { metricsRoute } from '@manara/contract';
import type { Access } from './access/access';
import type { Action } from './access/gate';
import type { ServerTls } from './access/server-tls';
import { asServingError } from './errors';
import { sendError } from './http/reply';
import { NodeSender } from './http/terms';
import { timeouts } from './http/timeouts';
import { stallSeconds } from './limits/stalled-reader';
import type { ServerMetrics } from './telemetry/metrics';

const action: Action = {
  name: 'metrics',
  verb: metricsRoute.verb,
  protocol: 'metrics',
  target: () => ({}),
};

/** Whoever may GET may ask for the head alone (RFC 9110, 9.1). */
const allowed: readonly string[] = [metricsRoute.method, 'HEAD'];

/**
 * Serves the metrics, and nothing else, on a port of its own.
 *
 * @param maxConnections - that it may have at once
 */
export function createMetricsServer(
  metrics: ServerMetrics,
  { gate, tls }: Pick<Access, 'gate' | 'tls'>,
  maxConnections: number,
): Server {
  const scrape = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = await gate.through(new NodeSender(request.headers, request.socket), action, () =>
      metrics.scrape(),
    );
    response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
  };
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const [path] = (request.url ?? '').split('?', 1);
    if (path !== metricsRoute.pattern) {
      response.writeHead(404).end(`Metrics are at ${metricsRoute.pattern}\n`);
    } else if (!allowed.includes(request.method ?? '')) {
      response.writeHead(405, { allow: allowed.join(', ') }).end();
    } else {
      scrape(request, response).catch((thrown: unknown) => {
        sendError(request, response, asServingError(thrown));
      });
    }
  };
  const server = tls === undefined ? createServer(timeouts, answer) : overTls(tls, answer);
  server.maxConnections = maxConnections;
  // Whoever sends nothing, or does not read its answer, is kept no longer.
  server.setTimeout(stallSeconds * 1000);
  return server;
}

function overTls(tls: ServerTls, answer: RequestListener): Server {
  const server = createTlsServer({ ...timeouts, ...tls.options() }, answer);
  tls.follow(server);
  return server;
}
