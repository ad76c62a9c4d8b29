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
import type { ByteBudget, Hold } from '../../limits/byte-budget';
import { RelayedPeer } from '../relayed-peer';

/** What has grpc-js serve a connection. */
export type Inject = (socket: Duplex) => void;

/** Connections to grpc-js within the process, over which it is given what is not plain of one of ours. */
export class LibraryConnection {
  private session: ClientHttp2Session | undefined;
  private readonly peer: RelayedPeer;
  /** How each connection that was made is ended. */
  private readonly cuts = new Set<() => void>();

  /** @param peer - the certificate at the other end of ours. */
  constructor(
    private readonly inject: Inject,
    private readonly bodies: ByteBudget,
    peer: () => PeerCertificate | undefined,
  ) {
    this.peer = new RelayedPeer(peer);
  }

  /** Has grpc-js answer a stream. @param came - of its body so far. */
  open(stream: Http2Stream, headers: RequestHeaders, came?: Buffer): StreamReader {
    let request: ClientHttp2Stream;
    try {
      // Of a GET too, which node:http2 would end at once.
      const options = { endStream: false };
      request = this.living().request({ ...headers, ...this.peer.headers }, options);
    } catch {
      // What HTTP/2 permits and node:http2 does not, such as a tunnel.
      stream.refuse(errorCode.protocol);
      return passOver;
    }
    return new LibraryStream(stream, request, this.bodies.hold(), came);
  }

  close(): void {
    this.peer.forget();
    for (const cut of this.cuts) cut();
  }

  /** A session that takes requests: grpc-js has those go that were idle for long. */
  private living(): ClientHttp2Session {
    const { session } = this;
    if (session !== undefined && !session.closed && !session.destroyed) return session;
    return (this.session = this.connect());
  }

  private connect(): ClientHttp2Session {
    const [ours, theirs] = duplexPair();
    this.inject(theirs);
    const session = connect('http://grpc', { createConnection: () => ours });
    // Streams are told as well.
    session.on('error', ignore);
    const cut = (): void => {
      this.cuts.delete(cut);
      session.destroy();
      // A session that waits for the other side does not end what it goes over.
      ours.destroy();
      theirs.destroy();
    };
    this.cuts.add(cut);
    session.once('close', cut);
    return session;
  }
}

/** Carries a stream over to grpc-js, and back what it answers. */
class LibraryStream implements StreamReader {
  private trailers: IncomingHttpHeaders | undefined;
  /** Bytes that came and that grpc-js has not taken. */
  private untaken = 0;

  constructor(
    private readonly stream: Http2Stream,
    private readonly request: ClientHttp2Stream,
    private readonly held: Hold,
    came: Buffer | undefined,
  ) {
    if (came !== undefined && came.length > 0) this.pass(came, ignore);
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
    this.pass(bytes, () => {
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
    this.held.release();
    if (!this.request.closed) this.request.close(constants.NGHTTP2_CANCEL);
  }

  private pass(bytes: Buffer, taken: () => void): void {
    this.untaken += bytes.length;
    try {
      this.held.keep(this.untaken);
    } catch {
      this.stream.reset(errorCode.enhanceYourCalm);
      return;
    }
    this.request.write(bytes, () => {
      this.untaken -= bytes.length;
      this.held.keep(this.untaken);
      taken();
    });
  }
}

const passOver: StreamReader = { data: ignore, end: ignore, drained: ignore, closed: ignore };

function ignore(): void {
  // What went wrong closes the stream, which is where it is seen to.
}
