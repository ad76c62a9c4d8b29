import { createServer, type IncomingMessage, type Server } from 'node:http';
import { parseAlertWebhook, remediation } from '@manara/contract';
import type { RemediationLog } from './record';
import type { Remediator } from './remediator';

/** Alertmanager sends the alerts of one group at once; a thousand take less. */
const maxBytes = 1024 * 1024;

/** Answers Alertmanager, and the kubelet that asks whether it does. */
export function createWebhook(remediator: Pick<Remediator, 'handle'>, log: RemediationLog): Server {
  const server = createServer((request, response) => {
    answer(request, remediator, log).then(
      (status) => response.writeHead(status).end(),
      () => response.destroy(),
    );
  });
  server.requestTimeout = 10_000;
  server.maxConnections = 64;
  return server;
}

async function answer(
  request: IncomingMessage,
  remediator: Pick<Remediator, 'handle'>,
  log: RemediationLog,
): Promise<number> {
  const { method, url } = request;
  if (url === remediation.healthPath) return 200;
  if (url !== remediation.path) return 404;
  if (method !== 'POST') return 405;
  const text = await bodyOf(request);
  if (text === undefined) return 413;
  let alerts;
  try {
    alerts = parseAlertWebhook(text);
  } catch {
    // Told again it would be no better.
    return 400;
  }
  try {
    await remediator.handle(alerts);
    return 200;
  } catch (error) {
    log.failed(error instanceof Error ? error.message : String(error));
    return 503;
  }
}

/** `undefined` where it is too large. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
