import assert from 'node:assert/strict';
import type { Field } from '../../src/http2/hpack/static-table';
import { requestHeaders, tooLong } from '../../src/http2/request-head';

const line: readonly Field[] = [
  [':method', 'POST'],
  [':scheme', 'http'],
  [':path', '/a'],
];

describe('the head of a request', () => {
  it('is read as node:http2 gives it', () => {
    const headers = requestHeaders([
      ...line,
      [':authority', 'host'],
      ['te', 'trailers'],
      ['x-a', '1'],
      ['x-a', '2'],
      ['cookie', 'a=1'],
      ['cookie', 'b=2'],
      ['authorization', 'first'],
      ['authorization', 'second'],
    ]);
    assert.deepEqual(
      { ...(headers as object) },
      {
        ':method': 'POST',
        ':scheme': 'http',
        ':path': '/a',
        ':authority': 'host',
        te: 'trailers',
        'x-a': '1, 2',
        cookie: 'a=1; b=2',
        authorization: 'first',
      },
    );
  });

  const malformed: Readonly<Record<string, readonly Field[]>> = {
    'no method': line.slice(1),
    'no path': line.slice(0, 2),
    'an empty path': [...line.slice(0, 2), [':path', '']],
    'a path twice': [...line, [':path', '/b']],
    'a line after a field': [line[0]!, ['x-a', '1'], line[1]!, line[2]!],
    'a field of an answer': [...line, [':status', '200']],
    'capital letters': [...line, ['X-A', '1']],
    'an empty name': [...line, ['', '1']],
    'a name with a blank': [...line, ['x a', '1']],
    'the end of a line': [...line, ['x-a', '1\r\nx-b: 2']],
    'a NUL': [...line, ['x-a', '\0']],
    connection: [...line, ['connection', 'close']],
    'transfer-encoding': [...line, ['transfer-encoding', 'chunked']],
    'te of HTTP/1.1': [...line, ['te', 'gzip']],
  };
  for (const [what, fields] of Object.entries(malformed)) {
    it(`is malformed with ${what}`, () => {
      assert.equal(requestHeaders(fields), undefined);
    });
  }

  it('is too long beyond 32 KiB, counted as it is unpacked', () => {
    const fields = Array.from({ length: 8 }, (_, i): Field => [`x-${i}`, 'y'.repeat(4000)]);
    assert.notEqual(requestHeaders([...line, ...fields]), tooLong);
    assert.equal(requestHeaders([...line, ...fields, ['x-9', 'y'.repeat(900)]]), tooLong);
  });
});
