import fc from 'fast-check';
import { plainPost } from './parsers';

const shape = { name: 'x', datatype: 'FP32', shape: [1] };
const json = JSON.stringify({ inputs: [{ ...shape, data: [1] }] });
const framed = JSON.stringify({ inputs: [{ ...shape, parameters: { binary_data_size: 4 } }] });
const chunked = `${json.length.toString(16)}\r\n${json}\r\n0\r\n\r\n`;

/** Mostly what is usual: a stream of nothing but faults ends at the first of them. */
function usually<T>(usual: T, others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
}

const requestLine = usually('POST /v2/models/plus/infer HTTP/1.1', [
  'POST /v2/models/plus/versions/1/infer HTTP/1.1',
  'POST /v2/models/none/infer HTTP/1.1',
  'POST /v2/models/plus/infer?a=b HTTP/1.1',
  'POST /v2/models/pl%75s/infer HTTP/1.1',
  'POST http://x/v2/models/plus/infer HTTP/1.1',
  'POST /v2/models/plus/infer HTTP/1.0',
  'POST /v2/models/plus/infer HTTP/1.2',
  'POST  /v2/models/plus/infer HTTP/1.1',
  'POST /v2/models/plus/infer',
  'PUT /v2/models/plus/infer HTTP/1.1',
]);

/** A field whose value, name or form one reader may take for something else than another does. */
const field = fc.oneof(
  fc.constantFrom(
    'Accept: */*',
    'User-Agent: a b/1',
    'Content-Type: application/json',
    'X-A: b',
    'X-A:',
  ),
  fc.constantFrom(
    ...['Connection: keep-alive', 'Connection: close', 'Connection: x', 'Proxy-Connection: close'],
    ...['Host: x', 'Host: y', 'Content-Type: text/plain', 'Content-Type: application/octet-stream'],
    ...['Transfer-Encoding: chunked', 'Transfer-Encoding: identity', 'transfer-encoding:chunked'],
    ...['Transfer-Encoding : chunked', 'Transfer-Encoding:', 'Content-Encoding: gzip'],
    ...['Content-Encoding: identity', 'Expect: 100-continue', 'Expect: x', 'TE: trailers'],
    ...['Content-Length: 5', `Content-Length: ${json.length}`, 'Content-Length : 5'],
    ...['Inference-Header-Content-Length: 3', `Inference-Header-Content-Length: ${json.length}`],
    ...['Inference-Header-Content-Length: x', 'Upgrade: h2c', 'X-A', ': b', 'X A: b', 'X-A : b'],
    ...['X-A: b\0', 'X-A: \x7f', 'X-A: \xe9', 'X-A: b\rX-B: c', 'X-A: b\nX-B: c', 'X-A: b\r\n c'],
  ),
);

const lengthOf: readonly ((length: number) => string)[] = [
  (length) => `+${length}`,
  (length) => `-${length}`,
  (length) => `0${length}`,
  (length) => ` ${length} `,
  (length) => `${length}, ${length}`,
  (length) => `${length} 1`,
  (length) => `0x${length.toString(16)}`,
  (length) => `${length}.0`,
  (length) => `${length - 1}`,
  (length) => `${length + 1}`,
  () => '0',
  () => '',
  () => '99999999999999999999',
];

type Framing = 'length' | 'framed' | 'chunked' | 'none';

const message: fc.Arbitrary<string> = fc
  .record({
    line: requestLine,
    host: usually('Host: x', ['Host:', 'X: y']),
    fields: fc.array(field, { maxLength: 2 }),
    length: usually((length: number) => String(length), lengthOf),
    end: usually('\r\n', ['\n', '\r', '\r\r\n', ' \r\n']),
    body: fc.constantFrom(
      json,
      json,
      framed + '\0\0\x80\x3f',
      chunked,
      '{}',
      'GET / HTTP/1.1\r\n\r\n',
    ),
    framing: usually<Framing>('length', ['framed', 'chunked', 'none']),
  })
  .map(({ line, host, fields, length, end, body, framing }) => {
    const sent =
      framing === 'chunked' ? chunked : framing === 'framed' ? `${framed}\0\0\x80\x3f` : body;
    const frames: Readonly<Record<Framing, readonly string[]>> = {
      length: [`Content-Length: ${length(sent.length)}`],
      framed: [
        `Content-Length: ${length(sent.length)}`,
        `inference-header-content-length: ${framed.length}`,
      ],
      chunked: ['Transfer-Encoding: chunked'],
      none: [],
    };
    const lines = [line, host, ...fields, ...frames[framing]];
    return `${lines.join('\r\n')}${end}\r\n${sent}`;
  });

const share = fc.double({ min: 0, max: 1, noNaN: true });

const edit = fc.record({
  at: share,
  removed: fc.nat({ max: 2 }),
  piece: fc.constantFrom(
    '\r',
    '\n',
    '\r\n',
    ' ',
    '\t',
    '\0',
    ':',
    ',',
    '/',
    '\xff',
    '0',
    '9',
    'x',
    '"',
    '',
  ),
});

/** Some bytes that a caller may send, and places to cut them at. */
export interface ByteStream {
  readonly text: string;
  readonly cuts: readonly number[];
}

/**
 * A request that may have something which readers of HTTP are known to differ in, alone or before a plain
 * one; in some, a byte is changed.
 */
export const byteStreams: fc.Arbitrary<ByteStream> = fc
  .record({
    odd: message,
    after: fc.nat({ max: 1 }),
    edits: fc.array(edit, { maxLength: 1 }),
    cuts: fc.array(share, { maxLength: 2 }),
  })
  .map(({ odd, after, edits, cuts }) => {
    const stream = odd + plainPost(2).repeat(after);
    const text = edits.reduce((rest, { at, removed, piece }) => {
      const place = Math.floor(at * rest.length);
      return rest.slice(0, place) + piece + rest.slice(place + removed);
    }, stream);
    const places = cuts.map((cut) => Math.floor(cut * text.length)).sort((a, b) => a - b);
    return { text, cuts: places };
  });
