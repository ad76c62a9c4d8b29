import type { Http2Server, ServerHttp2Stream } from 'node:http2';
import type { Server } from '@grpc/grpc-js';

type StreamHandler = (stream: ServerHttp2Stream, ...rest: unknown[]) => void;

/**
 * Keeps streams from grpc-js that are gone already: their caller gave them up in the same packet. It would
 * answer those that it does not know, which throws where nobody catches it and ends the process (grpc-js
 * 1.14). There is no public way to do so: the node:http2 server that it makes for an injector of
 * connections is taken from where it keeps it, and a test holds that it is there.
 *
 * @param server - to which one injector was made, and nothing bound.
 */
export function passLivingStreamsOnly(server: Server): void {
  const http2 = http2ServerOf(server);
  const [library, ...others] = http2.listeners('stream') as StreamHandler[];
  if (library === undefined || others.length > 0) throw new Error(elsewhere);
  http2.off('stream', library);
  http2.on('stream', (stream, ...rest) => {
    if (!stream.destroyed && !stream.closed) library(stream, ...rest);
    // Why it is gone is of no interest, and would end the process if nobody heard it.
    else stream.on('error', () => undefined);
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
