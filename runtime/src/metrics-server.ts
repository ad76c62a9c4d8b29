import { createServer, type Server } from 'node:http';
import { metricsRoute } from '@manara/contract';
import type { ServerMetrics } from './telemetry/metrics';

/** Serves the metrics, and nothing else, on a port of its own. */
export function createMetricsServer(metrics: ServerMetrics): Server {
  return createServer((request, response) => {
    const [path] = (request.url ?? '').split('?', 1);
    if (path !== metricsRoute.pattern) {
      response.writeHead(404).end(`Metrics are at ${metricsRoute.pattern}\n`);
      return;
    }
    if (request.method !== metricsRoute.method) {
      response.writeHead(405, { allow: metricsRoute.method }).end();
      return;
    }
    metrics.scrape().then(
      (text) => {
        response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
      },
      () => {
        response.writeHead(500).end();
      },
    );
  });
}
