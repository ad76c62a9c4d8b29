import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { metrics, metricsRoute, path, ports, requestSecondsBounds, routes } from '@manara/contract';
import { Counter, Gauge, Histogram, register } from 'prom-client';

// Plays a pod of manara-server as judged-endpoint.ts says: as bad as it is told to be, by the server's own
// metrics. Outcomes come with the answers, so that nobody has to tell them.

const { JUDGED_IP = '127.0.0.1', JUDGED_POD = '', JUDGED_MODEL = '' } = process.env;
const { errorRate, latencyMillis, wrongRate, version } = JSON.parse(process.env.JUDGED ?? '{}') as {
  readonly errorRate: number;
  readonly latencyMillis: number;
  readonly wrongRate: number;
  readonly version: number;
};

const labels = { model: JUDGED_MODEL, version: String(version) };
const variant = { ...labels, variant: 'current' };
const names = ['model', 'version'] as const;
const succeeded = new Counter({ ...metrics.requestSuccess, labelNames: names });
const failed = new Counter({ ...metrics.requestFailure, labelNames: [...names, 'reason'] });
const given = new Counter({ ...metrics.variantRequests, labelNames: [...names, 'variant'] });
const told = new Counter({
  ...metrics.variantOutcomes,
  labelNames: [...names, 'variant', 'match'],
});
const seconds = new Histogram({
  ...metrics.requestSeconds,
  labelNames: [...names, 'protocol'],
  buckets: [...requestSecondsBounds],
});
new Gauge({ ...metrics.modelReady, labelNames: names }).set(labels, 1);
// As the server's own: an answer is counted from 0 on, a failure from the first.
succeeded.inc(labels, 0);

const due = { errors: 0, wrong: 0 };

/** Evenly, not by chance: of ten at 0.3 exactly three. */
function next(which: keyof typeof due, rate: number): boolean {
  due[which] += rate;
  if (due[which] < 1 - 1e-9) return false;
  due[which] -= 1;
  return true;
}

async function answer({ url = '/' }: IncomingMessage, reply: ServerResponse): Promise<void> {
  if (url === metricsRoute.pattern) {
    reply.setHeader('content-type', register.contentType);
    reply.end(await register.metrics());
    return;
  }
  if (url === path(routes.serverReady) || url === path(routes.serverLive)) {
    reply.end();
    return;
  }
  const begun = performance.now();
  if (latencyMillis > 0) await delay(latencyMillis);
  const fails = next('errors', errorRate);
  reply.writeHead(fails ? 500 : 200, { 'content-type': 'application/json' });
  reply.end(JSON.stringify({ pod: JUDGED_POD, version }));
  if (fails) {
    failed.inc({ ...labels, reason: 'BACKEND' });
    return;
  }
  seconds.observe({ ...labels, protocol: 'http' }, (performance.now() - begun) / 1000);
  succeeded.inc(labels);
  given.inc(variant);
  told.inc({ ...variant, match: String(!next('wrong', wrongRate)) });
}

const servers = [ports.http, ports.metrics].map((port) => {
  const server = createServer((request, reply) => {
    void answer(request, reply);
  });
  // An idle connection of a proxy's must not be closed just as it is used.
  server.keepAliveTimeout = 60_000;
  return server.listen(port, JUDGED_IP);
});

process.once('SIGTERM', () => {
  // As the server drains: it answers until whoever sends requests has looked away.
  setTimeout(() => {
    for (const server of servers) {
      server.close();
      server.closeIdleConnections();
    }
  }, 3000);
});
