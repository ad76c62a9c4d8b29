import assert from 'node:assert/strict';
import { constants } from 'node:http2';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { type ConnectionHost, Http2Connection } from '../../src/http2/connection';
import { errorCode } from '../../src/http2/fault';
import { flag, frameOf, frameType, numberFrame } from '../../src/http2/frames';
import { encodeFields } from '../../src/http2/hpack/encode';
import type { Http2Stream, StreamReader } from '../../src/http2/stream';
import { dataFrame, headersFrame, headOf, preface, RawHttp2, setting } from '../support/raw-http2';
import { until } from '../support/until';

const head = encodeFields([[':status', '200']]);
const trailers = encodeFields([['grpc-status', '0']]);

/** Answers as its path says: `/echo` with the body, `/bytes/N` with so many, `/hold` not at all. */
class EchoReader implements StreamReader {
  private readonly parts: Buffer[] = [];

  constructor(
    private readonly stream: Http2Stream,
    private readonly path: string,
    private readonly host: EchoHost,
  ) {}

  data(bytes: Buffer): void {
    this.parts.push(bytes);
    if (this.path === '/early') this.stream.respond(trailers, true);
    else if (this.path !== '/hold') this.stream.taken(bytes.length);
  }

  end(): void {
    this.host.ended++;
    const count = /^\/bytes\/(\d+)$/.exec(this.path)?.[1];
    if (count !== undefined) this.stream.answer(head, Buffer.alloc(Number(count), 1), trailers);
    if (this.path === '/echo') this.stream.answer(head, Buffer.concat(this.parts), trailers);
  }

  drained(): void {
    // Written at once.
  }

  closed(): void {
    this.host.closed++;
  }
}

class EchoHost implements ConnectionHost {
  now = 0;
  opened = 0;
  ended = 0;
  closed = 0;
  connection: Http2Connection | undefined;

  open(stream: Http2Stream, headers: Readonly<Record<string, string>>): StreamReader {
    this.opened++;
    return new EchoReader(stream, headers[':path'] ?? '', this);
  }

  forget(connection: Http2Connection): void {
    if (connection === this.connection) this.connection = undefined;
  }

  /** Lets so many seconds pass. */
  pass(seconds: number): void {
    for (let i = 0; i < seconds; i++) {
      this.now++;
      this.connection?.checkTime();
    }
  }
}

describe('a connection of HTTP/2', () => {
  let host: EchoHost;
  let client: RawHttp2;
  const listener = createServer((socket) => {
    host.connection = new Http2Connection(socket, host);
  });
  const port = (): number => (listener.address() as AddressInfo).port;

  before((done) => {
    listener.listen(0, '127.0.0.1', done);
  });
  beforeEach(async () => {
    host = new EchoHost();
    client = await RawHttp2.connect(port());
  });
  afterEach(() => {
    client.leave();
  });
  after(() => {
    listener.close();
  });

  /** A client in place of the one that is there. */
  const instead = async (opening: Buffer): Promise<void> => {
    client.leave();
    client = await RawHttp2.connect(port(), opening);
  };
  const ask = (stream: number, path: string, body = 'hello'): void => {
    client.send(headersFrame(stream, headOf(path)), dataFrame(stream, Buffer.from(body)));
  };
  const window = (stream: number, more: number): Buffer =>
    numberFrame(frameType.windowUpdate, stream, more);

  it('answers: a head, a body, trailers', async () => {
    ask(1, '/echo');
    await until(() => client.hasEnded(1));
    const answer = client.frames.filter(({ stream }) => stream === 1);
    assert.deepEqual(
      answer.map(({ type, flags, payload }) => [type, flags, payload.toString('latin1')]),
      [
        [frameType.headers, flag.endHeaders, head.toString('latin1')],
        [frameType.data, 0, 'hello'],
        [frameType.headers, flag.endHeaders | flag.endStream, trailers.toString('latin1')],
      ],
    );
    await until(() => host.closed === 1);
  });

  it('reads a head in parts, padding, a priority, and what it does not know', async () => {
    const bytes = headOf('/echo');
    const priority = Buffer.from([0, 0, 0, 0, 16]);
    client.send(
      frameOf(
        frameType.headers,
        flag.padded | flag.priority,
        1,
        Buffer.concat([Buffer.from([2]), priority, bytes.subarray(0, 3), Buffer.alloc(2)]),
      ),
      frameOf(frameType.continuation, 0, 1, bytes.subarray(3, 5)),
      frameOf(frameType.continuation, flag.endHeaders, 1, bytes.subarray(5)),
      frameOf(99, 0xff, 1, Buffer.from('what is this')),
      frameOf(frameType.data, flag.padded | flag.endStream, 1, Buffer.from([3, 65, 66, 0, 0, 0])),
    );
    await until(() => client.hasEnded(1));
    assert.equal(client.body(1).toString(), 'AB');
  });

  it('answers pings and settings', async () => {
    client.send(frameOf(frameType.ping, 0, 0, Buffer.from('12345678')));
    const pong = await client.frame(frameType.ping);
    assert.deepEqual([pong.flags, pong.payload.toString()], [flag.ack, '12345678']);
    const acks = client.frames.filter((f) => f.type === frameType.settings && f.flags === flag.ack);
    assert.equal(acks.length, 1);
  });

  describe('sends what the other side has room for', () => {
    const initialWindow = constants.NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE;

    it('in a stream', async () => {
      await instead(Buffer.concat([preface, setting(initialWindow, 10)]));
      ask(1, '/bytes/25');
      await until(() => client.body(1).length === 10);
      client.send(window(1, 10));
      await until(() => client.body(1).length === 20);
      assert.equal(client.hasEnded(1), false);
      client.send(window(1, 100));
      await until(() => client.hasEnded(1));
      assert.equal(client.body(1).length, 25);
    });

    it('in all streams together, and goes on with each', async () => {
      await instead(Buffer.concat([preface, setting(initialWindow, 1_000_000)]));
      ask(1, '/bytes/60000');
      ask(3, '/bytes/60000');
      ask(5, '/bytes/60000');
      const sent = (): number => [1, 3, 5].reduce((sum, id) => sum + client.body(id).length, 0);
      await until(() => sent() === 65_535);
      await setTimeout(20);
      assert.equal(sent(), 65_535);
      client.send(window(0, 1_000_000));
      await until(() => [1, 3, 5].every((id) => client.hasEnded(id)));
      assert.equal(sent(), 180_000);
    });

    it('as settings change it, below nothing too', async () => {
      await instead(Buffer.concat([preface, setting(initialWindow, 20)]));
      ask(1, '/bytes/50');
      await until(() => client.body(1).length === 20);
      // 10 less than were sent.
      client.send(setting(initialWindow, 10), window(1, 10));
      await setTimeout(20);
      assert.equal(client.body(1).length, 20);
      client.send(setting(initialWindow, 15));
      await until(() => client.body(1).length === 25);
      client.send(setting(initialWindow, 1000));
      await until(() => client.hasEnded(1));
    });

    it('in frames of the size that is taken, for as long as it reads', async () => {
      await instead(Buffer.concat([preface, setting(initialWindow, 2 ** 30), window(0, 2 ** 30)]));
      const length = 20_000_000;
      client.pause();
      ask(1, `/bytes/${length}`);
      await until(() => host.ended === 1);
      await setTimeout(20);
      // What the system does not take waits with the stream, not with the socket.
      assert.ok((host.connection?.socket.writableLength ?? 0) < 200_000);
      client.resume();
      await until(() => client.hasEnded(1));
      assert.equal(client.body(1).length, length);
      assert.ok(client.frames.every(({ payload }) => payload.length <= 16_384));
    });

    it('and sees a window that is too large', async () => {
      ask(1, '/hold');
      client.send(window(1, 2 ** 31 - 1));
      assert.equal(await client.errorCode(1), errorCode.flowControl);
      client.send(window(0, 2 ** 31 - 1));
      assert.equal(await client.errorCode(), errorCode.flowControl);
    });
  });

  describe('takes what it has room for', () => {
    const chunk = Buffer.alloc(16_384);

    it('and says when there is more', async () => {
      client.send(headersFrame(1, headOf('/echo')));
      for (let i = 0; i < 16; i++) client.send(dataFrame(1, chunk, false));
      const { payload } = await client.frame(frameType.windowUpdate, 1);
      assert.equal(payload.readUInt32BE(0), 8 * chunk.length);
    });

    it('of a stream that holds what came, until it is over', async () => {
      client.send(headersFrame(1, headOf('/hold')));
      for (let i = 0; i < 16; i++) client.send(dataFrame(1, chunk, false));
      client.send(dataFrame(1, Buffer.from('x'), false));
      assert.equal(await client.errorCode(1), errorCode.flowControl);
      // The connection has all of it back, and so can take more than it could at once.
      for (let stream = 3; stream < 9; stream += 2) {
        client.send(headersFrame(stream, headOf('/hold')));
        for (let i = 0; i < 16; i++) client.send(dataFrame(stream, chunk, false));
        client.send(numberFrame(frameType.reset, stream, errorCode.cancel));
      }
      ask(9, '/echo');
      await until(() => client.hasEnded(9));
    });

    it('of a connection', async () => {
      // Five streams with all that each may hold are more than the connection may.
      for (let stream = 1; stream < 11; stream += 2) {
        client.send(headersFrame(stream, headOf('/hold')));
        for (let i = 0; i < 16; i++) client.send(dataFrame(stream, chunk, false));
      }
      assert.equal(await client.errorCode(), errorCode.flowControl);
    });
  });

  it('passes over what was on the way to a stream that it answered early', async () => {
    client.send(headersFrame(1, headOf('/early')), dataFrame(1, Buffer.from('a'), false));
    assert.equal(await client.errorCode(1), errorCode.none);
    assert.ok(client.hasEnded(1));
    const late = headOf('/', ['x-trailer', '1']);
    client.send(dataFrame(1, Buffer.from('b'), false), headersFrame(1, late, true));
    ask(3, '/echo');
    await until(() => client.hasEnded(3));
    assert.equal(client.frames.filter(({ type }) => type === frameType.reset).length, 1);
  });

  describe('ends itself', () => {
    it('where it begins with no settings', async () => {
      await instead(Buffer.concat([preface, frameOf(frameType.ping, 0, 0, Buffer.alloc(8))]));
      assert.equal(await client.errorCode(), errorCode.protocol);
      await until(() => client.isClosed);
    });

    it('where HTTP/1.1 is spoken', async () => {
      await instead(Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
      await until(() => client.isClosed);
      assert.equal(host.opened, 0);
    });

    it('where a head has no end', async () => {
      client.send(frameOf(frameType.headers, 0, 1, headOf('/echo')));
      for (let i = 0; i < 16; i++)
        client.send(frameOf(frameType.continuation, 0, 1, Buffer.alloc(0)));
      assert.equal(await client.errorCode(), errorCode.enhanceYourCalm);
    });

    it('where a head is too large, packed', async () => {
      client.send(
        frameOf(frameType.headers, 0, 1, Buffer.alloc(16_384)),
        frameOf(frameType.continuation, 0, 1, Buffer.alloc(16_384)),
        frameOf(frameType.continuation, 0, 1, Buffer.alloc(1)),
      );
      assert.equal(await client.errorCode(), errorCode.enhanceYourCalm);
    });

    it('where streams are begun and given up without end', async () => {
      for (let stream = 1; stream < 2 * 1002; stream += 2) {
        client.send(
          headersFrame(stream, headOf('/hold'), true),
          numberFrame(frameType.reset, stream, errorCode.cancel),
        );
      }
      assert.equal(await client.errorCode(), errorCode.enhanceYourCalm);
      await until(() => host.closed === host.opened);
      assert.ok(host.opened <= 1001);
    });

    it('where it is made to end streams itself', async () => {
      for (let stream = 1; stream < 2 * 1002; stream += 2) {
        client.send(headersFrame(stream, headOf('/hold'), true), window(stream, 0));
      }
      assert.equal(await client.errorCode(), errorCode.enhanceYourCalm);
    });

    it('where replies are asked for and not read', async () => {
      client.pause();
      const pings = Buffer.concat(
        Array.from({ length: 10_000 }, () => frameOf(frameType.ping, 0, 0, Buffer.alloc(8))),
      );
      const sent = setInterval(() => {
        client.send(pings);
      }, 1);
      await until(() => host.connection === undefined || host.connection.socket.writableEnded);
      clearInterval(sent);
    });
  });

  it('forgives, in time, streams that are given up', async () => {
    let stream = 1;
    for (let second = 0; second < 40; second++) {
      for (let i = 0; i < 30; i++, stream += 2) {
        client.send(
          headersFrame(stream, headOf('/hold'), true),
          numberFrame(frameType.reset, stream, errorCode.cancel),
        );
      }
      await until(() => host.closed === (second + 1) * 30);
      host.pass(1);
    }
    ask(stream, '/echo');
    await until(() => client.hasEnded(stream));
  });

  it('refuses more streams at once than it said', async () => {
    for (let i = 0; i < 256; i++) client.send(headersFrame(2 * i + 1, headOf('/hold')));
    client.send(headersFrame(513, headOf('/hold')));
    assert.equal(await client.errorCode(513), errorCode.refusedStream);
    assert.equal(host.opened, 256);
  });

  it('leaves once what is under way is answered, and takes nothing new', async () => {
    client.send(headersFrame(1, headOf('/echo')));
    await until(() => host.opened === 1);
    host.connection?.leave();
    const { payload } = await client.frame(frameType.goAway);
    assert.deepEqual([payload.readUInt32BE(0), payload.readUInt32BE(4)], [1, errorCode.none]);
    client.send(headersFrame(3, headOf('/echo'), true));
    assert.equal(await client.errorCode(3), errorCode.refusedStream);
    client.send(dataFrame(1, Buffer.from('last')));
    await until(() => client.isClosed);
    assert.equal(client.body(1).toString(), 'last');
    assert.ok(client.hasEnded(1));
  });

  describe('in time', () => {
    it('ends what does not begin to speak', async () => {
      await instead(preface);
      await client.frame(frameType.settings);
      host.pass(19);
      await setTimeout(20);
      assert.equal(client.isClosed, false);
      host.pass(1);
      await until(() => client.isClosed);
    });

    it('asks who is silent, and ends who does not answer', async () => {
      await client.frame(frameType.settings);
      await setTimeout(20);
      host.pass(10);
      const { flags } = await client.frame(frameType.ping);
      assert.equal(flags, 0);
      host.pass(19);
      await setTimeout(20);
      assert.equal(client.isClosed, false);
      host.pass(1);
      await until(() => client.isClosed);
    });

    it('has idle ones go, though they answer pings', async () => {
      await client.frame(frameType.settings);
      for (let i = 0; i < 30; i++) {
        client.send(frameOf(frameType.ping, flag.ack, 0, Buffer.alloc(8)));
        await setTimeout(5);
        host.pass(10);
      }
      assert.equal(await client.errorCode(), errorCode.none);
      await until(() => client.isClosed);
    });

    it('ends a stream that nothing is taken of', async () => {
      await instead(
        Buffer.concat([preface, setting(constants.NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 10)]),
      );
      ask(1, '/bytes/25');
      await until(() => client.body(1).length === 10);
      for (let i = 0; i < 13; i++) {
        client.send(frameOf(frameType.ping, 0, 0, Buffer.alloc(8)));
        await setTimeout(5);
        host.pass(5);
      }
      assert.equal(await client.errorCode(1), errorCode.enhanceYourCalm);
      assert.equal(host.closed, 1);
    });

    it('ends a connection that takes nothing', async () => {
      await instead(
        Buffer.concat([
          preface,
          setting(constants.NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 2 ** 30),
          window(0, 2 ** 30),
        ]),
      );
      client.pause();
      ask(1, '/bytes/20000000');
      await until(() => host.ended === 1);
      await setTimeout(50);
      for (let i = 0; i < 13; i++) {
        // It says much, and reads nothing.
        client.send(window(0, 1));
        await setTimeout(5);
        host.pass(5);
      }
      await until(() => host.connection === undefined);
      assert.equal(host.closed, 1);
    });
  });

  it('tells its readers where the other side is gone', async () => {
    client.send(headersFrame(1, headOf('/hold')), headersFrame(3, headOf('/hold')));
    await until(() => host.opened === 2);
    client.leave();
    await until(() => host.closed === 2);
  });
});
