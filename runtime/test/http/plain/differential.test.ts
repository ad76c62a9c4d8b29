import fc from 'fast-check';
import { cutAt } from '../../support/raw-exchange';
import { BothParsers, plainPost } from './parsers';

/** Seconds of the long form. */
const seconds = Number(process.env.MANARA_FUZZ_SECONDS ?? '1.5');
/** The short form tries the same bytes each time, the long one others; a failure names its seed. */
const seed = process.env.MANARA_FUZZ_SECONDS === undefined ? 20261122 : Date.now() % 2 ** 31;

const chunked = (body: string): string => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
const [, body = ''] = plainPost(1).split('\r\n\r\n');
const binaryHead = JSON.stringify({
  inputs: [{ name: 'x', datatype: 'FP32', shape: [2], parameters: { binary_data_size: 8 } }],
});

/**
 * Valid requests, plain and not. None is answered at once: what follows it, be it at fault, is read before
 * it is answered or after, by node:http at least.
 */
const requests: readonly string[] = [
  plainPost(1),
  plainPost(2, 'Content-Type: application/json\r\nUser-Agent: a b/1\r\nAccept: */*\r\n'),
  plainPost(3, 'Connection: keep-alive\r\n'),
  plainPost(4).replace('/infer', '/versions/1/infer'),
  plainPost(5).replace('plus', 'none'),
  `POST /v2/models/plus/infer HTTP/1.1\r\nHost: x\r\nInference-Header-Content-Length: ${binaryHead.length}\r\nContent-Length: ${binaryHead.length + 8}\r\n\r\n${binaryHead}\0\0\x80\x3f\0\0\0\x40`,
  `POST /v2/models/plus/infer HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${chunked(body)}`,
  plainPost(6).replace('/infer', '/infer?a=b'),
];

/** What is put in the place of something else. */
const pieces: readonly string[] = [
  ...[
    '\r',
    '\n',
    '\r\n',
    '\r\n\r\n',
    ' ',
    '\t',
    '\0',
    ':',
    ',',
    '/',
    '%2f',
    '\x7f',
    '\xe9',
    '0',
    '9',
    '',
  ],
  ...['+', '-', 'HTTP/1.0', 'GET', 'x', '\r\n ', '"', '{', '}'],
  'Content-Length: 5\r\n',
  'Content-Length: 0\r\n',
  'content-length: 120\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding : chunked\r\n',
  'Content-Encoding: gzip\r\n',
  'Content-Type: text/plain\r\n',
  'Inference-Header-Content-Length: 3\r\n',
  'Connection: close\r\n',
  'Expect: 100-continue\r\n',
  'Host: y\r\n',
  'X-A: b\r\n',
];

interface Mutation {
  /** Where, as a share of the length. */
  readonly at: number;
  readonly removed: number;
  readonly piece: string;
}

const share = fc.double({ min: 0, max: 1, noNaN: true });
const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: share,
  removed: fc.nat({ max: 3 }),
  piece: fc.constantFrom(...pieces),
});

/** One to three requests, most of them with something changed in them; and where they are cut. */
const streams = fc.record({
  requests: fc.array(fc.constantFrom(...requests), { minLength: 1, maxLength: 3 }),
  mutations: fc.array(mutation, { maxLength: 2 }),
  cuts: fc.array(share, { maxLength: 3 }),
});

function mutate(text: string, { at, removed, piece }: Mutation): string {
  const place = Math.floor(at * text.length);
  return text.slice(0, place) + piece + text.slice(place + removed);
}

describe('our own parser and that of node:http', function () {
  this.timeout(seconds * 1000 + 60_000);
  const both = new BothParsers();
  before(() => both.start());
  after(() => both.stop());

  it('answer the same bytes alike', () =>
    fc.assert(
      fc.asyncProperty(streams, async ({ requests: sent, mutations, cuts }) => {
        const bytes = Buffer.from(mutations.reduce(mutate, sent.join('')), 'latin1');
        const places = cuts.map((cut) => Math.floor(cut * bytes.length)).sort((a, b) => a - b);
        await both.agreeOn(cutAt(bytes, places), JSON.stringify(bytes.toString('latin1')));
      }),
      { seed, numRuns: 1e9, interruptAfterTimeLimit: seconds * 1000, endOnFailure: true },
    ));
});
