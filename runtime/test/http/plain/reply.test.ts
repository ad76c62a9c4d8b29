import assert from 'node:assert/strict';
import { type AddressInfo, connect, createServer } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { errors } from '../../../src/errors';
import { answered, type PlainReply, refused, writeReply } from '../../../src/http/plain/reply';

/** What a caller gets of an answer. */
async function written(
  reply: PlainReply,
): Promise<{ readonly head: string; readonly body: Buffer }> {
  const server = createServer((socket) => {
    writeReply(socket, reply, true, () => {
      socket.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const all = await buffer(connect((server.address() as AddressInfo).port, '127.0.0.1'));
  server.close();
  const end = all.indexOf('\r\n\r\n') + 4;
  return { head: all.toString('latin1', 0, end), body: all.subarray(end) };
}

describe('the answer to a plain request', () => {
  it('counts bytes, not characters', async () => {
    const text = '{"id":"سعر"}';
    const { head, body } = await written(
      answered({ parts: [text], jsonLength: undefined, headers: undefined }),
    );
    assert.match(head, /^HTTP\/1\.1 200 OK\r\ncontent-type: application\/json\r\n/);
    assert.match(head, /\r\ncontent-length: 15\r\n/);
    assert.match(head, /\r\nConnection: close\r\n\r\n$/);
    assert.equal(body.toString(), text);
  });

  for (const size of [8, 200_000]) {
    it(`says where its JSON ends, with ${size} bytes of tensors after it`, async () => {
      const tensor = Buffer.alloc(size, 7);
      const { head, body } = await written(
        answered({ parts: ['{}', tensor], jsonLength: 2, headers: { 'x-a': 'b' } }),
      );
      assert.match(head, /\r\ncontent-type: application\/octet-stream\r\n/);
      assert.match(head, /\r\ninference-header-content-length: 2\r\nx-a: b\r\n/);
      assert.deepEqual(body, Buffer.concat([Buffer.from('{}'), tensor]));
    });
  }

  it('says when to come again', async () => {
    const { head, body } = await written(refused(errors.overloaded(1500)));
    assert.match(head, /^HTTP\/1\.1 503 Service Unavailable\r\n/);
    assert.match(head, /\r\nretry-after: 2\r\n/);
    assert.equal((JSON.parse(body.toString()) as { code: string }).code, 'OVERLOADED');
  });

  it('takes no header that would be two', () => {
    const reply = answered({
      parts: ['{}'],
      jsonLength: undefined,
      headers: { 'x-a': 'b\r\nc: d' },
    });
    const socket = connect(1, '127.0.0.1').on('error', () => undefined);
    assert.throws(() => {
      writeReply(socket, reply, false, () => undefined);
    }, /Invalid character in header content/);
    socket.destroy();
  });
});
