import type {
  Http2Server,
  IncomingHttpHeaders,
  ServerHttp2Session,
  ServerHttp2Stream,
} from 'node:http2';
import type { Server } from '@grpc/grpc-js';

/** What is done with a stream that has begun. */
export type StreamHandler = (
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  flags: number,
) => void;

/**
 * Puts itself before grpc-js where streams begin. grpc-js has no public way to do so (1.14): the node:http2
 * server that it makes for an injector of connections is taken from where it keeps it, and a test
 * holds that it is there.
 *
 * @param server - to which one injector was made, and nothing bound.
 * @param handlerBefore - makes the handler, given that of grpc-js.
 */
export function interposeStreams(
  server: Server,
  handlerBefore: (library: StreamHandler) => StreamHandler,
): void {
  const http2 = http2ServerOf(server);
  const [library, ...others] = http2.listeners('stream') as StreamHandler[];
  if (library === undefined || others.length > 0) throw new Error(elsewhere);
  http2.off('stream', library);
  http2.on('stream', handlerBefore(library));
}

/** Has connections that nothing comes over for so long told to go; what is under way is answered. */
export function closeWhenIdle(server: Server, idleMillis: number): void {
  http2ServerOf(server).on('session', (session: ServerHttp2Session) => {
    session.setTimeout(idleMillis, () => {
      session.close();
    });
  });
}

const elsewhere = 'grpc-js keeps its node:http2 server elsewhere now';

function http2ServerOf(server: Server): Http2Server {
  const servers: unknown = Reflect.get(server, 'http2Servers');
  const [only, ...others] =
    servers instanceof Map ? [...(servers as Map<unknown, unknown>).keys()] : [];
  if (only === undefined || others.length > 0) throw new Error(elsewhere);
  return only as Http2Server;
}
