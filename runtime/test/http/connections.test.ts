import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { answerClientError } from '../../src/http/client-error';
import { type HttpParser, httpParsers } from '../../src/http/parser';
import { getJson, postJson } from '../support/http-client';
import { addConstant, slow } from '../support/models';
import { RawConnection, rawPost } from '../support/raw-connection';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

const quick = { inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [1] }] };
const long = { inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [0.1] }] };
const slowPath = '/v2/models/slow/infer';
const live = 'GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n';

for (const httpParser of httpParsers) {
  describe(`HTTP connections, read by ${httpParser}`, () => {
    connections(httpParser);
  });
}

function connections(httpParser: HttpParser): void {
  const repository = new TemporaryRepository();
  let test: TestServer;

  before(async () => {
    repository.add('plus', 1, addConstant(1));
    repository.add('slow', 1, slow(300));
    test = await startTestServer(repository.folder, { workers: 1, httpParser });
  });
  after(async () => {
    await test.server.close();
    repository.remove();
  });

  /** Lines of the scrape about canceled requests. */
  async function canceled(model: string): Promise<number> {
    const text = await (await fetch(test.metricsUrl)).text();
    const line = `nv_inference_request_failure{model="${model}",version="1",reason="CANCELED"} `;
    const found = text.split('\n').find((candidate) => candidate.startsWith(line));
    return Number(found?.slice(line.length) ?? 0);
  }

  async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
    while (!(await condition())) await setTimeout(5);
  }

  async function waiting(): Promise<number> {
    const text = await (await fetch(test.metricsUrl)).text();
    const line = /^nv_inference_pending_request_count\{model="slow",version="1"\} (\d+)$/m;
    return Number(line.exec(text)?.[1] ?? 0);
  }

  describe('a caller that leaves', () => {
    it('takes what it queued along, and only that', async () => {
      const first = postJson(`${test.url}${slowPath}`, long);
      const second = postJson(`${test.url}${slowPath}`, long);
      await until(async () => (await waiting()) === 1);
      const gone = Array.from({ length: 5 }, () => new RawConnection(test.url));
      for (const connection of gone) await connection.send(rawPost(slowPath, long));
      await until(async () => (await waiting()) === 6);
      for (const connection of gone) connection.leave();
      await until(async () => (await waiting()) <= 1);
      assert.equal((await first).status, 200);
      assert.equal((await second).status, 200);
      assert.equal(await canceled('slow'), 5);
      const { body } = await getJson(`${test.url}/v2/models/slow/stats`);
      const [stats] = body.model_stats as { execution_count: number }[];
      assert.equal(stats?.execution_count, 2);
      const lines = test.logs.filter(({ error }) => error === 'REQUEST_CANCELED');
      assert.deepEqual(
        lines.map(({ event, status }) => [event, status]),
        Array.from({ length: 5 }, () => ['request_refused', 499]),
      );
    });

    it('in the middle of a pipeline does not hold a stop up', async () => {
      const { server, url } = await startTestServer(repository.folder, {
        drainTimeoutSeconds: 10,
        httpParser,
      });
      const connection = new RawConnection(url);
      await connection.send(rawPost(slowPath, long) + live + live);
      await setTimeout(50);
      connection.leave();
      assert.equal(await server.drain(), true);
    });
  });

  describe('a caller that ends its side', () => {
    it('is answered', async () => {
      const connection = new RawConnection(test.url);
      await connection.send(rawPost('/v2/models/plus/infer', quick));
      connection.halfClose();
      await connection.closed;
      assert.match(connection.text, /HTTP\/1\.1 200 OK\r\n/);
      assert.match(connection.text, /"data":\[2\]/);
    });

    it('is answered after it has waited, in HTTP/1.0 without an interim answer', async () => {
      for (const [version, interim] of [
        ['1.1', true],
        ['1.0', false],
      ] as const) {
        const running = postJson(`${test.url}${slowPath}`, long);
        await setTimeout(20);
        const connection = new RawConnection(test.url);
        await connection.send(rawPost(slowPath, long, version));
        connection.halfClose();
        await connection.closed;
        assert.match(connection.text, /HTTP\/1\.1 200 OK\r\n/);
        assert.equal(connection.text.startsWith('HTTP/1.1 102 Processing'), interim);
        assert.equal((await running).status, 200);
      }
    });

    it('in the middle of its body is told', async () => {
      const connection = new RawConnection(test.url);
      await connection.send(rawPost('/v2/models/plus/infer', quick).slice(0, -5));
      connection.halfClose();
      await connection.closed;
      assert.match(connection.text, /^HTTP\/1\.1 400 Bad Request\r\n/);
      assert.match(connection.text, /"code":"(REQUEST_MALFORMED|BODY_TRUNCATED)"\}$/);
    });
  });

  describe('bytes that are no request', () => {
    const cases: readonly (readonly [string, string, number, string])[] = [
      ['nonsense', 'nonsense\r\n\r\n', 400, 'REQUEST_MALFORMED'],
      ['a TLS greeting', '\x16\x03\x01\x02\x00\x01', 400, 'REQUEST_MALFORMED'],
      [
        'no Content-Length',
        'GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n',
        400,
        'REQUEST_MALFORMED',
      ],
      [
        'huge headers',
        `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`,
        431,
        'HEADERS_TOO_LARGE',
      ],
    ];
    for (const [what, text, status, code] of cases) {
      it(`are answered with JSON: ${what}`, async () => {
        const connection = new RawConnection(test.url);
        await connection.send(text);
        await connection.closed;
        const [head = '', body = ''] = connection.text.split('\r\n\r\n');
        assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} `));
        assert.match(head, /content-type: application\/json/);
        assert.match(head, new RegExp(`content-length: ${Buffer.byteLength(body)}`));
        assert.equal((JSON.parse(body) as { code: string }).code, code);
      });
    }

    it('are told when they come too late', async () => {
      const server = createServer((socket) => {
        answerClientError('ERR_HTTP_REQUEST_TIMEOUT', socket, false);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const connection = new RawConnection(`http://127.0.0.1:${port}`);
      await connection.closed;
      assert.match(connection.text, /^HTTP\/1\.1 408 Request Timeout\r\n/);
      assert.match(connection.text, /"code":"REQUEST_TIMEOUT"\}$/);
      connection.leave();
      server.close();
    });
  });
}
