import assert from 'node:assert/strict';
import { cutAt } from '../../support/raw-exchange';
import { BothParsers, plainPost } from './parsers';

/** Bytes between the cuts that are tried; the long form tries them all. */
const step = process.env.MANARA_FUZZ_SECONDS === undefined ? 23 : 1;

const infer = 'POST /v2/models/plus/infer HTTP/1.1\r\nHost: x\r\n';
const hidden = 'GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n';
const [, body = ''] = plainPost(1).split('\r\n\r\n');
const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
const live = 200;

/** A second request that a lenient reader would see where a strict one does not, or the other way round. */
const cases: readonly (readonly [what: string, bytes: string, statuses: readonly number[]])[] = [
  [
    'CL.TE',
    `${infer}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
    [400],
  ],
  [
    'TE.CL',
    `${infer}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\n${hidden}0\r\n\r\n`,
    [400],
  ],
  [
    'TE.TE',
    `${infer}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n${chunked}`,
    [400],
  ],
  [
    'an obscured TE',
    `${infer}Transfer-Encoding: xchunked\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    [400],
  ],
  [
    'TE after a space',
    `${infer}Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n${chunked}`,
    [400],
  ],
  ['TE after a tab', `${infer}Transfer-Encoding:\tchunked\r\n\r\n${chunked}${hidden}`, [200, live]],
  [
    'two equal lengths',
    `${infer}Content-Length: ${body.length}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    [400],
  ],
  [
    'two lengths',
    `${infer}Content-Length: ${body.length}\r\nContent-Length: 5\r\n\r\n${body}`,
    [400],
  ],
  ['a length with a sign', `${infer}Content-Length: +${body.length}\r\n\r\n${body}`, [400]],
  ['a length in hexadecimal', `${infer}Content-Length: 0x10\r\n\r\n${body}`, [400]],
  ['a list of lengths', `${infer}Content-Length: 5, 5\r\n\r\n${body}`, [400]],
  [
    'a folded field',
    `${infer}X-A: b\r\n Content-Length: 5\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    [400],
  ],
  ['bare LF', plainPost(1).replaceAll('\r\n', '\n'), [400]],
  [
    'a bare CR in a value',
    `${infer}X-A: b\rContent-Length: 5\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    [400],
  ],
  ['NUL in a value', `${infer}X-A: b\0\r\nContent-Length: ${body.length}\r\n\r\n${body}`, [400]],
  ['a space before the colon', `${infer}Content-Length : ${body.length}\r\n\r\n${body}`, [400]],
  [
    'the absolute form',
    `POST http://x/v2/models/plus/infer HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    [200],
  ],
  [
    'HTTP/1.0',
    `POST /v2/models/plus/infer HTTP/1.0\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    [200],
  ],
  ['HTTP/0.9', 'POST /v2/models/plus/infer\r\n\r\n', [400]],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400]],
  ['a TLS greeting', '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03', [400]],
  [
    'chunks in the middle of a pipeline',
    `${plainPost(1)}${infer}Transfer-Encoding: chunked\r\n\r\n${chunked}${plainPost(2)}`,
    [200, 200, 200],
  ],
  ['another route in a pipeline', `${plainPost(1)}${hidden}${plainPost(2)}`, [200, live, 200]],
  ['a pipeline of plain requests', plainPost(1) + plainPost(2) + plainPost(3), [200, 200, 200]],
  [
    'a request hidden in a body',
    `${infer}Content-Length: ${hidden.length}\r\n\r\n${hidden}`,
    [400],
  ],
  ['a body that a request follows', `${infer}Content-Length: 2\r\n\r\n{}${hidden}`, [400, live]],
  ['a body cut short', plainPost(1).slice(0, -3), [400]],
  ['a head cut short', infer, [400]],
  ['a body beyond what is read', `${infer}Content-Length: 5000\r\n\r\n${'a'.repeat(5000)}`, [413]],
  [
    'Expect',
    `${infer}Expect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    [200],
  ],
  [
    'Upgrade',
    `${infer}Connection: upgrade\r\nUpgrade: h2c\r\nContent-Length: ${body.length}\r\n\r\n${body}${hidden}`,
    [200],
  ],
  [
    'Connection: close',
    `${infer}Connection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    [200],
  ],
  [
    'no Host',
    `POST /v2/models/plus/infer HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    [400],
  ],
];

describe('requests that two readers could read in two ways', function () {
  this.timeout(300_000);
  const both = new BothParsers();
  before(() => both.start());
  after(() => both.stop());

  for (const [what, text, statuses] of cases) {
    const bytes = Buffer.from(text, 'latin1');

    it(`are answered as node:http answers them: ${what}`, async () => {
      const { answers } = await both.agreeOn([bytes], what);
      assert.deepEqual(
        answers.map(({ status }) => status),
        statuses,
      );
    });

    it(`however they are cut: ${what}`, async () => {
      await both.agreeOn(cutAt(bytes, [...bytes.keys()].slice(1)), `${what}, byte by byte`);
      for (let at = 1; at < bytes.length; at += step) {
        await both.agreeOn(cutAt(bytes, [at]), `${what}, cut at ${at}`);
      }
    });
  }
});
