import assert from 'node:assert/strict';
import { type ClientHttp2Session, connect, constants } from 'node:http2';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { closeWhenIdle, interposeStreams } from '../../../src/grpc/plain/streams';

describe('the streams of grpc-js', () => {
  const server = new Server({ 'grpc.keepalive_time_ms': 20 });
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const listener = createServer((socket) => {
    injector.injectConnection(socket);
  });
  let session: ClientHttp2Session;
  let isClosed = false;

  before(async () => {
    closeWhenIdle(server, 300);
    interposeStreams(server, (library) => (stream, headers, flags) => {
      if (headers[':path'] !== '/ours') library(stream, headers, flags);
      else stream.respond({ 'x-ours': '1' }, { endStream: true });
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => {
    session = connect(`http://127.0.0.1:${(listener.address() as AddressInfo).port}`);
    isClosed = false;
    session.on('close', () => (isClosed = true));
  });
  afterEach(() => {
    session.destroy();
  });
  after(() => {
    listener.close();
    server.forceShutdown();
  });

  const ask = (path: string): Promise<Readonly<Record<string, unknown>>> =>
    new Promise((resolve, reject) => {
      const type = { [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc' };
      const stream = session.request({ ':method': 'POST', ':path': path, ...type });
      stream.on('response', resolve);
      stream.on('error', reject);
      stream.end();
    });

  it('pass by whoever stands before it', async () => {
    assert.equal((await ask('/ours'))['x-ours'], '1');
    assert.equal((await ask('/theirs'))['grpc-status'], '12');
  });

  it('end with a connection that nothing comes over, though it answers pings', async () => {
    await ask('/ours');
    for (let i = 0; i < 100 && !isClosed; i++) await setTimeout(20);
    assert.ok(isClosed);
  });

  it('keep a connection that is used', async () => {
    for (let i = 0; i < 15; i++) {
      await ask('/ours');
      await setTimeout(40);
    }
    assert.equal(isClosed, false);
  });

  it('are looked for where one injector was made, and nowhere else', () => {
    assert.throws(() => {
      interposeStreams(new Server(), (library) => library);
    }, /keeps its node:http2 server elsewhere/);
  });
});
