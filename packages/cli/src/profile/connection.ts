import * as http from 'node:http';
import * as https from 'node:https';
import { CliError, messageOf } from '../cli-error';
import type { Credentials } from './credentials';

/** Milliseconds for one request. */
const requestMillis = 60_000;

/** Connections to one server, which are kept open, and what is shown on them. */
export class Connection {
  private readonly agent: http.Agent;
  private readonly request: typeof http.request;

  constructor(
    readonly base: URL,
    private readonly credentials: Credentials,
  ) {
    const isEncrypted = base.protocol === 'https:';
    const { tls } = credentials;
    this.agent = isEncrypted
      ? new https.Agent({ keepAlive: true, ...tls })
      : new http.Agent({ keepAlive: true });
    this.request = isEncrypted ? https.request : http.request;
  }

  /**
   * @param body - JSON
   * @returns the answer's text
   * @throws CliError where there is no good answer
   */
  ask(method: string, path: string, body = ''): Promise<string> {
    const url = new URL(path, this.base);
    return new Promise((resolve, reject) => {
      const headers = {
        ...this.credentials.headers,
        ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
        'content-length': Buffer.byteLength(body),
      };
      const options = { method, agent: this.agent, headers, timeout: requestMillis };
      const fail = (error: unknown): void => {
        const message = `${this.base.origin} does not answer: ${messageOf(error)}`;
        reject(error instanceof CliError ? error : new CliError(message, { cause: error }));
      };
      const sent = this.request(url, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', fail);
        response.once('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const { statusCode = 0 } = response;
          if (statusCode === 200) resolve(text);
          else reject(new CliError(`${url.href} answered ${statusCode}: ${text.slice(0, 300)}`));
        });
      });
      sent.once('timeout', () => {
        sent.destroy(new CliError(`${url.href} did not answer within ${requestMillis / 1000} s`));
      });
      sent.once('error', fail);
      sent.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
