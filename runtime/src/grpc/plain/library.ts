import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
} from 'node:http2';
import { type Duplex, duplexPair } from 'node:stream';
import type { PeerCertificate } from 'node:tls';
import { encodeFields } from '../../http2/hpack/encode';
import { fieldsOfHeaders } from '../../http2/hpack/fields';
import { errorCode } from '../../http2/fault';
import type { RequestHeaders } from '../../http2/request-head';
import type { Http2Stream, StreamReader } from '../../http2/stream';
import { RelayedPeer } from '../relayed-peer';

/** What has grpc-js serve a connection. */
export type Inject = (socket: Duplex) => void;

/** A connection to grpc-js within the process, over which it is given what is not plain of one of ours. */
export class LibraryConnection {
  private session: ClientHttp2Session | undefined;
  private readonly peer: RelayedPeer;
  /** Ends the connection to grpc-js. */
  private cut: () => void = ignore;

  /** @param peer - the certificate at the other end of ours. */
  constructor(
    private readonly inject: Inject,
    peer: () => PeerCertificate | undefined,
  ) {
    this.peer = new RelayedPeer(peer);
  }

  /** Has grpc-js answer a stream. @param came - of its body so far. */
  open(stream: Http2Stream, headers: RequestHeaders, came?: Buffer): StreamReader {
    let request: ClientHttp2Stream;
    try {
      const session = (this.session ??= this.connect());
      // Of a GET too, which node:http2 would end at once.
      request = session.request({ ...headers, ...this.peer.headers }, { endStream: false });
    } catch {
      // What HTTP/2 permits and node:http2 does not, such as a tunnel.
      stream.refuse(errorCode.protocol);
      return passOver;
    }
    return new LibraryStream(stream, request, came);
  }

  close(): void {
    this.peer.forget();
    this.cut();
  }

  private connect(): ClientHttp2Session {
    const [ours, theirs] = duplexPair();
    this.inject(theirs);
    const session = connect('http://grpc', { createConnection: () => ours });
    // Streams are told as well.
    session.on('error', ignore);
    session.once('close', () => {
      this.session = undefined;
    });
    this.cut = () => {
      session.destroy();
      // A session that waits for the other side does not end what it goes over.
      ours.destroy();
      theirs.destroy();
    };
    return session;
  }
}

/** Carries a stream over to grpc-js, and back what it answers. */
class LibraryStream implements StreamReader {
  private trailers: IncomingHttpHeaders | undefined;

  constructor(
    private readonly stream: Http2Stream,
    private readonly request: ClientHttp2Stream,
    came: Buffer | undefined,
  ) {
    if (came !== undefined && came.length > 0) request.write(came);
    request.on('response', (headers: IncomingHttpHeaders, flags: number) => {
      const endsStream = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      stream.respond(encodeFields(fieldsOfHeaders(headers)), endsStream);
      // Not before: of what comes at once, node:http2 tells the body first.
      request.on('data', (chunk: Buffer) => {
        if (!stream.write(chunk)) request.pause();
      });
    });
    request.on('trailers', (trailers: IncomingHttpHeaders) => {
      this.trailers = trailers;
    });
    request.on('end', () => {
      const { trailers } = this;
      stream.end(trailers === undefined ? undefined : encodeFields(fieldsOfHeaders(trailers)));
    });
    request.on('error', ignore);
    request.on('close', () => {
      const { rstCode } = request;
      // Ended in order, if it is closed already.
      if (!stream.isClosed && !request.readableEnded) stream.reset(rstCode);
    });
  }

  data(bytes: Buffer): void {
    this.request.write(bytes, () => {
      this.stream.taken(bytes.length);
    });
  }

  end(): void {
    this.request.end();
  }

  drained(): void {
    this.request.resume();
  }

  closed(): void {
    if (!this.request.closed) this.request.close(constants.NGHTTP2_CANCEL);
  }
}

const passOver: StreamReader = { data: ignore, end: ignore, drained: ignore, closed: ignore };

function ignore(): void {
  // What went wrong closes the stream, which is where it is seen to.
}
