import assert from 'node:assert/strict';
import { createServer } from 'node:http2';
import { connect } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  frame,
  frameType,
  onStream,
  opening,
  readFrames,
  settingsAck,
  unaryCall,
} from '../bench/peers/load/http2-frames';

describe('HTTP/2 frames of the load generator', () => {
  it('are read back as they were written', () => {
    const bytes = Buffer.concat([frame(frameType.data, 1, 7, Buffer.from('abc')), settingsAck]);
    const { frames, rest } = readFrames(bytes);
    assert.deepEqual(
      frames.map(({ payload, ...others }) => ({ ...others, payload: payload.toString() })),
      [
        { type: 0, endsStream: true, acknowledges: true, stream: 7, payload: 'abc' },
        { type: 4, endsStream: false, acknowledges: true, stream: 0, payload: '' },
      ],
    );
    assert.equal(rest.length, 0);
  });

  it('stay until they have arrived whole', () => {
    const bytes = frame(frameType.data, 0, 1, Buffer.from('abc'));
    for (let length = 0; length < bytes.length; length++) {
      const { frames, rest } = readFrames(bytes.subarray(0, length));
      assert.deepEqual([frames.length, rest.length], [0, length]);
    }
  });

  it('refuse a header text that does not fit its length byte', () => {
    assert.throws(
      () => unaryCall('/'.repeat(127), 'host', Buffer.alloc(0)),
      /127 bytes; at most 126/,
    );
  });

  it('are what an HTTP/2 server takes for gRPC calls', async () => {
    const server = createServer();
    const calls: unknown[] = [];
    const both = new Promise<void>((resolve) => {
      server.on('stream', (stream, headers) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.once('end', () => {
          calls.push([
            stream.id,
            Object.fromEntries(Object.entries(headers)),
            Buffer.concat(chunks).toString('hex'),
          ]);
          stream.respond({ ':status': 200 }, { endStream: true });
          if (calls.length === 2) resolve();
        });
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    try {
      const call = unaryCall('/a.B/C', 'host:1', Buffer.from('hi'));
      socket.write(Buffer.concat([opening(), call, onStream(call, 3)]));
      await both;
      const headers = {
        ':method': 'POST',
        ':scheme': 'http',
        ':path': '/a.B/C',
        ':authority': 'host:1',
        'content-type': 'application/grpc',
        te: 'trailers',
      };
      assert.deepEqual(calls, [
        [1, headers, '00000000026869'],
        [3, headers, '00000000026869'],
      ]);
    } finally {
      socket.destroy();
      server.close();
    }
  });
});
