import assert from 'node:assert/strict';
import { type HttpParser, httpParsers } from '../../../src/http/parser';
import { addConstant } from '../../support/models';
import { type RawAnswer, type RawExchange, rawExchange } from '../../support/raw-exchange';
import { startTestServer, type TestServer } from '../../support/server';
import { TemporaryRepository } from '../../support/temporary';

/** Greatest body of the servers below. */
export const maxRequestBytes = 4096;

/** Two servers of the same models, one for each parser. */
export class BothParsers {
  private readonly repository = new TemporaryRepository();
  private readonly servers = new Map<HttpParser, TestServer>();

  async start(): Promise<void> {
    this.repository.add('plus', 1, addConstant(1));
    for (const httpParser of httpParsers) {
      const options = { workers: 1, maxRequestBytes, httpParser };
      this.servers.set(httpParser, await startTestServer(this.repository.folder, options));
    }
  }

  async stop(): Promise<void> {
    for (const { server } of this.servers.values()) await server.close();
    this.repository.remove();
  }

  /** What each of them says to the same bytes: our own parser, then node:http. */
  async exchange(pieces: readonly Uint8Array[]): Promise<readonly [RawExchange, RawExchange]> {
    const urls = httpParsers.map((parser) => this.servers.get(parser)?.url ?? '');
    const [own, node] = await Promise.all(urls.map((url) => rawExchange(url, pieces)));
    assert.ok(own !== undefined && node !== undefined);
    return [own, node];
  }

  /** Asserts that both answer the same bytes alike. @returns the answers of our own parser */
  async agreeOn(pieces: readonly Uint8Array[], what: string): Promise<RawExchange> {
    const [own, node] = await this.exchange(pieces);
    assertAlike(own, node, what);
    return own;
  }
}

/** Whether an answer refuses a connection: no request can be found on it from here on. */
export function refusesConnection(answer: RawAnswer | undefined): boolean {
  return /"code":"(?:REQUEST_MALFORMED|HEADERS_TOO_LARGE)"/.test(answer?.body ?? '');
}

/**
 * Asserts that two exchanges are equal, but for this: node:http parses on while a request is under way,
 * and closes at the first fault, so that what came before it goes unanswered or not, as fast as the
 * engine is. Our own parser comes to a fault only once it has answered what came before.
 */
export function assertAlike(own: RawExchange, node: RawExchange, what: string): void {
  const last = own.answers.at(-1);
  const areRefused = refusesConnection(last) && last?.body === node.answers.at(-1)?.body;
  const before = Math.min(own.answers.length, node.answers.length) - 1;
  const compared = ({ answers, rest }: RawExchange): RawExchange =>
    areRefused ? { answers: answers.slice(0, before), rest } : { answers, rest };
  assert.deepEqual(compared(own), compared(node), what);
}

/** A plain inference of the model `plus`. */
export function plainPost(value: number, extra = ''): string {
  const body = JSON.stringify({
    inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [value] }],
  });
  return `POST /v2/models/plus/infer HTTP/1.1\r\nHost: x\r\n${extra}Content-Length: ${body.length}\r\n\r\n${body}`;
}
