import { Agent, request } from 'node:http';
import { CliError } from '../cli-error';

export interface Drive {
  readonly url: URL;
  readonly body: string;
  /** Requests under way at once. */
  readonly concurrency: number;
  readonly millis: number;
}

/** Milliseconds for one request. */
const requestMillis = 60_000;

/**
 * Sends one request after another on so many connections.
 *
 * @returns milliseconds of each, as it was sent
 * @throws CliError where one is not answered
 */
export async function drive({ url, body, concurrency, millis }: Drive): Promise<readonly number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const times: number[] = [];
  const until = performance.now() + millis;
  const caller = async (): Promise<void> => {
    do {
      const begun = performance.now();
      await send(url, body, agent);
      times.push(performance.now() - begun);
    } while (performance.now() < until);
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, caller));
  } finally {
    agent.destroy();
  }
  return times;
}

function send(url: URL, body: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const options = { method: 'POST', agent, headers, timeout: requestMillis };
    const sent = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        if (response.statusCode === 200) {
          resolve();
          return;
        }
        const text = Buffer.concat(chunks).toString('utf8').slice(0, 300);
        reject(new CliError(`${url.href} answered ${response.statusCode ?? 'nothing'}: ${text}`));
      });
    });
    sent.once('timeout', () => {
      sent.destroy(new CliError(`${url.href} did not answer within ${requestMillis / 1000} s`));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
