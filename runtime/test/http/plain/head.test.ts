import assert from 'node:assert/strict';
import { readHead } from '../../../src/http/plain/head';

const maxBody = 1000;
const line = 'POST /v2/models/m/infer HTTP/1.1\r\n';
const plain = `${line}Host: x\r\nContent-Length: 5\r\n\r\n`;

function read(text: string): ReturnType<typeof readHead> {
  return readHead(Buffer.from(text, 'latin1'), maxBody);
}

/** A head with one more field, or another line in place of a field. */
function withField(field: string): string {
  return `${line}Host: x\r\nContent-Length: 5\r\n${field}\r\n\r\n`;
}

describe('the head of a plain request', () => {
  it('says which version is asked, and how much follows', () => {
    const text = `POST /v2/models/a.b_c~d-1/versions/12/infer HTTP/1.1\r\nHOST:x\r\ncontent-LENGTH:  1000 \t\r\nInference-Header-Content-Length: 7\r\nX-Any: a b\tc\r\nEmpty:\r\n\r\n`;
    const head = read(`${text}body`);
    assert.ok(typeof head === 'object');
    assert.equal(head.model, 'a.b_c~d-1');
    assert.equal(head.version, '12');
    assert.equal(head.bodyLength, 1000);
    assert.equal(head.jsonLength, 7);
    assert.equal(head.length, text.length);
    assert.equal(head.fields.get('x-any'), 'a b\tc');
    assert.equal(head.fields.get('empty'), '');
    assert.equal(head.fields.get('x-an'), undefined);
    assert.equal(head.fields.get('absent'), undefined);
  });

  it('leaves the version open where the path does', () => {
    const head = read(plain);
    assert.ok(typeof head === 'object');
    assert.deepEqual([head.model, head.version, head.jsonLength], ['m', undefined, undefined]);
  });

  it('is partial wherever it is cut', () => {
    const text = withField('Content-Type: application/json; charset=utf-8');
    for (let i = 0; i < text.length; i++)
      assert.equal(read(text.slice(0, i)), 'partial', `at ${i}`);
    assert.ok(typeof read(text) === 'object');
  });

  describe('is not ours', () => {
    const lines: readonly (readonly [string, string])[] = [
      ['another method', 'GET /v2/models/m/infer HTTP/1.1'],
      ['a method in lower case', 'post /v2/models/m/infer HTTP/1.1'],
      ['another route', 'POST /v2/models/m/explain HTTP/1.1'],
      ['HTTP/1.0', 'POST /v2/models/m/infer HTTP/1.0'],
      ['HTTP/0.9', 'POST /v2/models/m/infer'],
      ['another version', 'POST /v2/models/m/infer HTTP/1.2'],
      ['the preface of HTTP/2', 'PRI * HTTP/2.0'],
      ['an absolute form', 'POST http://x/v2/models/m/infer HTTP/1.1'],
      ['a query', 'POST /v2/models/m/infer?a=b HTTP/1.1'],
      ['a fragment', 'POST /v2/models/m/infer#a HTTP/1.1'],
      ['percent-encoding', 'POST /v2/models/%6d/infer HTTP/1.1'],
      ['a slash at the end', 'POST /v2/models/m/infer/ HTTP/1.1'],
      ['no model', 'POST /v2/models//infer HTTP/1.1'],
      ['no version', 'POST /v2/models/m/versions//infer HTTP/1.1'],
      ['a model of 129 characters', `POST /v2/models/${'m'.repeat(129)}/infer HTTP/1.1`],
      ['two spaces', 'POST  /v2/models/m/infer HTTP/1.1'],
      ['a space at the end', 'POST /v2/models/m/infer HTTP/1.1 '],
      ['a tab', 'POST\t/v2/models/m/infer HTTP/1.1'],
      ['an empty line before it', '\r\nPOST /v2/models/m/infer HTTP/1.1'],
      ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ];
    for (const [what, text] of lines) {
      it(`with ${what} in the request line`, () => {
        assert.equal(read(`${text}\r\nHost: x\r\nContent-Length: 5\r\n\r\n`), 'other');
      });
    }

    const fields: readonly (readonly [string, string])[] = [
      ['Transfer-Encoding', 'Transfer-Encoding: chunked'],
      ['Transfer-Encoding in any case', 'tRANSFER-eNCODING: identity'],
      ['Transfer-Encoding that is empty', 'Transfer-Encoding:'],
      ['a second Content-Length', 'Content-Length: 5'],
      ['a differing Content-Length', 'content-length: 6'],
      ['a second Host', 'Host: x'],
      ['any name twice', 'X-A: 1\r\nY: 2\r\nx-a: 1'],
      ['Expect', 'Expect: 100-continue'],
      ['Upgrade', 'Upgrade: h2c'],
      ['TE', 'TE: trailers'],
      ['Trailer', 'Trailer: X'],
      ['Prefer', 'Prefer: respond-async'],
      ['Idempotency-Key', 'Idempotency-Key: a'],
      ['Content-Encoding', 'Content-Encoding: identity'],
      ['Connection: close', 'Connection: close'],
      ['several options of Connection', 'Connection: keep-alive, x'],
      ['Proxy-Connection', 'Proxy-Connection: keep-alive'],
      ['a content type that is refused', 'Content-Type: text/plain'],
      ['JSON in another charset', 'Content-Type: application/json; charset=latin1'],
      ['binary data without a length', 'Content-Type: application/octet-stream'],
      ['a JSON length beyond the body', 'Inference-Header-Content-Length: 6'],
      ['a JSON length that is none', 'Inference-Header-Content-Length: 5, 5'],
      ['a space before the colon', 'X-A : 1'],
      ['a name with a space', 'X A: 1'],
      ['no name', ': 1'],
      ['no colon', 'X-A'],
      ['a folded value', 'X-A: 1\r\n 2'],
      ['a bare LF', 'X-A: 1\nY: 2'],
      ['a bare CR', 'X-A: 1\rY: 2'],
      ['a NUL', 'X-A: 1\0'],
      ['a byte beyond ASCII', 'X-A: \xe9'],
      ['a control character', 'X-A: \x7f'],
      ['a flood of fields', Array.from({ length: 70 }, (_, i) => `X-${i}: 1`).join('\r\n')],
      ['a flood of one field', `X-A: ${'a'.repeat(9000)}`],
    ];
    for (const [what, field] of fields) {
      it(`with ${what}`, () => {
        assert.equal(read(withField(field)), 'other');
      });
    }

    for (const value of [
      '',
      '+5',
      '-5',
      '5 5',
      '5,5',
      '0x5',
      '5.0',
      '05',
      '0',
      '1001',
      '9'.repeat(20),
      '٥',
    ]) {
      it(`with Content-Length "${value}"`, () => {
        assert.equal(read(`${line}Host: x\r\nContent-Length: ${value}\r\n\r\n`), 'other');
      });
    }

    it('without Host, or with an empty one', () => {
      assert.equal(read(`${line}Content-Length: 5\r\n\r\n`), 'other');
      assert.equal(read(`${line}Host:\r\nContent-Length: 5\r\n\r\n`), 'other');
    });

    it('without Content-Length', () => {
      assert.equal(read(`${line}Host: x\r\n\r\n`), 'other');
    });

    it('with a line end of LF only', () => {
      assert.equal(read(plain.replaceAll('\r\n', '\n')), 'other');
    });

    it('as soon as a byte says so, and whatever comes after', () => {
      for (const text of [
        ...lines.map(([, text]) => `${text}\r\n`),
        ...fields.map(([, field]) => withField(field)),
      ]) {
        let before: unknown = 'partial';
        for (let i = 1; i <= text.length; i++) {
          const now = read(text.slice(0, i));
          assert.ok(now === before || now === 'other', `${text} at ${i}`);
          before = now;
        }
      }
      assert.equal(read('POST /v2/models/m/infer HTTP/1.1\r\nX-A: 1\0'), 'other');
      assert.equal(read('G'), 'other');
      assert.equal(read('\x16'), 'other');
    });
  });
});
