import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { metrics, metricsRoute, path, routes } from '@manara/contract';
import { Counter, Histogram, register } from 'prom-client';
import type { EchoAnswer, EchoFaults } from './echo-answer';

// Plays a pod as programs.ts says: answers every request with who answered it, is as bad as it is told to
// be, and counts what it did under the names of manara-server's own metrics.

const {
  ECHO_IP = '127.0.0.1',
  ECHO_PORTS = '8000',
  ECHO_POD = '',
  ECHO_VERSION = '',
} = process.env;
const { ECHO_MODEL = 'echo', ERROR_RATE = '0', LATENCY_MILLIS = '0' } = process.env;

let faults: EchoFaults = { errorRate: Number(ERROR_RATE), latencyMillis: Number(LATENCY_MILLIS) };
let errorsDue = 0;

const labelNames = ['model', 'version'] as const;
const labels = { model: ECHO_MODEL, version: ECHO_VERSION };
const succeeded = new Counter({ ...metrics.requestSuccess, labelNames: [...labelNames] });
const failed = new Counter({ ...metrics.requestFailure, labelNames: [...labelNames, 'reason'] });
const seconds = new Histogram({
  ...metrics.requestSeconds,
  labelNames: [...labelNames, 'protocol'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
});
// A query of a rate needs the series before its first request.
succeeded.inc(labels, 0);
failed.inc({ ...labels, reason: 'BACKEND' }, 0);

async function answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
  const { url = '/', method = 'GET' } = request;
  const body = await text(request);
  if (url === metricsRoute.pattern) {
    reply.setHeader('content-type', register.contentType);
    reply.end(await register.metrics());
  } else if (url === path(routes.serverReady) || url === path(routes.serverLive)) {
    reply.end();
  } else if (url === '/faults' && method === 'PUT') {
    faults = { ...faults, ...(JSON.parse(body) as Partial<EchoFaults>) };
    reply.end();
  } else {
    await infer(request, body, reply);
  }
}

async function infer(request: IncomingMessage, body: string, reply: ServerResponse): Promise<void> {
  const begun = performance.now();
  if (faults.latencyMillis > 0) await delay(faults.latencyMillis);
  // Evenly, not by chance: of ten requests at 0.3 exactly three fail.
  errorsDue += faults.errorRate;
  const fails = errorsDue >= 1 - 1e-9;
  if (fails) errorsDue -= 1;
  const { url = '/', method = 'GET', headers } = request;
  const said: EchoAnswer = { pod: ECHO_POD, version: ECHO_VERSION, url, method, headers, body };
  reply.writeHead(fails ? 500 : 200, { 'content-type': 'application/json' });
  reply.end(JSON.stringify(said));
  seconds.observe({ ...labels, protocol: 'http' }, (performance.now() - begun) / 1000);
  if (fails) failed.inc({ ...labels, reason: 'BACKEND' });
  else succeeded.inc(labels);
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const servers = ECHO_PORTS.split(',').map((port) => {
  const server = createServer((request, reply) => {
    void answer(request, reply);
  });
  // An idle connection of a proxy's must not be closed just as it is used.
  server.keepAliveTimeout = 60_000;
  return server.listen(Number(port), ECHO_IP);
});

process.once('SIGTERM', () => {
  // What is under way is answered, and its connection closed.
  for (const server of servers) {
    server.close();
    server.closeIdleConnections();
  }
});
