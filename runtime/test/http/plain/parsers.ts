import assert from 'node:assert/strict';
import { type HttpParser, httpParsers } from '../../../src/http/parser';
import { addConstant } from '../../support/models';
import { type RawExchange, rawExchange } from '../../support/raw-exchange';
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

  /** Asserts that both answer the same bytes alike. @returns the answers of our own parser */
  async agreeOn(pieces: readonly Uint8Array[], what: string): Promise<RawExchange> {
    const [own, node] = await Promise.all(
      httpParsers.map((parser) => rawExchange(this.servers.get(parser)?.url ?? '', pieces)),
    );
    assert.ok(own !== undefined && node !== undefined);
    assert.equal(own.rest, node.rest, what);
    const [ours, theirs] = compared(own.answers, node.answers);
    assert.deepEqual(ours, theirs, what);
    return own;
  }
}

type Answers = RawExchange['answers'];

/** Refusals of a connection: no request can be found on it from here on. */
const ofConnections = /"code":"(?:REQUEST_MALFORMED|HEADERS_TOO_LARGE)"/;

/** Refusals of a request by its head. Our own parser leaves all of them to node:http. */
const ofHeads =
  /"code":"(?:ROUTE_UNKNOWN|METHOD_NOT_ALLOWED|CONTENT_TYPE_UNSUPPORTED|CONTENT_ENCODING_UNSUPPORTED|BODY_TOO_LARGE|HEADER_INVALID)"/;

/**
 * What is to be equal of two lists of answers: all, but for two things that node:http does now this way,
 * now that way. It parses on while a request is under way and closes at the first fault, so that what
 * came before it goes unanswered or not as fast as the engine is; our own parser comes to the fault only
 * once it has answered what came before. And what follows a request that is refused by its head is
 * answered or not as it came through the socket or was put back into it.
 */
function compared(own: Answers, node: Answers): readonly [Answers, Answers] {
  const refused = own.findIndex(({ body }) => ofHeads.test(body)) + 1;
  if (refused > 0) return [own.slice(0, refused), node.slice(0, refused)];
  const [ours, theirs] = [own.at(-1), node.at(-1)];
  const areRefused = ours?.body === theirs?.body && ofConnections.test(ours?.body ?? '');
  const count = areRefused ? Math.min(own.length, node.length) - 1 : undefined;
  return [own.slice(0, count), node.slice(0, count)];
}

/** A plain inference of the model `plus`. */
export function plainPost(value: number, extra = ''): string {
  const body = JSON.stringify({
    inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [value] }],
  });
  return `POST /v2/models/plus/infer HTTP/1.1\r\nHost: x\r\n${extra}Content-Length: ${body.length}\r\n\r\n${body}`;
}
