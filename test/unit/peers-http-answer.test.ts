import assert from 'node:assert/strict';
import { readHttpAnswer } from '../bench/peers/load/http-answer';

const answer = (head: string, body: string) => Buffer.from(`${head}\r\n\r\n${body}`);

describe('readHttpAnswer', () => {
  it('finds the status, the body and the end of an answer', () => {
    const bytes = answer('HTTP/1.1 200 OK\r\nserver: x\r\ncontent-length: 5', 'helloHTTP');
    assert.deepEqual(readHttpAnswer(bytes), { status: 200, bodyStart: 49, end: 54 });
    assert.equal(bytes.toString('latin1', 49, 54), 'hello');
  });

  it('reads the length however its name is written', () => {
    const bytes = answer('HTTP/1.0 503 Busy\r\nContent-Length:0\r\nx: y', '');
    assert.deepEqual(readHttpAnswer(bytes), { status: 503, bodyStart: 45, end: 45 });
  });

  it('waits for the rest, wherever it is cut', () => {
    const bytes = answer('HTTP/1.1 200 OK\r\ncontent-length: 2', '{}');
    for (let length = 0; length < bytes.length; length++) {
      assert.equal(readHttpAnswer(bytes.subarray(0, length)), undefined);
    }
    assert.equal(readHttpAnswer(bytes)?.end, bytes.length);
  });

  it('refuses what states no length', () => {
    const bytes = answer('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked', '2\r\n{}\r\n0\r\n\r\n');
    assert.throws(() => readHttpAnswer(bytes), /content-length.*transfer-encoding: chunked/);
  });

  it('refuses what is not HTTP, a length in the body too', () => {
    assert.throws(() => readHttpAnswer(Buffer.from('SSH-2.0\r\n\r\n')), /not an HTTP answer/);
    const bytes = answer('HTTP/1.1 200 OK\r\nx: y', '\r\ncontent-length: 3\r\n');
    assert.throws(() => readHttpAnswer(bytes), /not an HTTP answer with a content-length/);
  });
});
