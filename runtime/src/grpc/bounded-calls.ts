import { constants, type ServerHttp2Stream } from 'node:http2';
import { Duplex } from 'node:stream';
import {
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import { asServingError } from '../errors';
import type { ByteBudget, Hold } from '../limits/byte-budget';
import { endIfStalled } from '../limits/stalled-reader';
import { refusedCall } from './status';

/** What a byte of deflate can come to at most. Source: zlib.net, "Technical Details", read 2026-11. */
const greatestRatio = 1032;

/**
 * Counts what calls keep in memory: of a message until it has come whole, of an answer until it is
 * gone. A call for which there is no room is refused; one that does not read its answer is ended.
 *
 * @param maxMessageBytes - greatest message, unpacked.
 */
export function boundedCalls(bodies: ByteBudget, maxMessageBytes: number): ServerInterceptor {
  return (_method, call) =>
    new InterceptedCall(call, new CallMemory(call, bodies, maxMessageBytes));
}

class InterceptedCall extends ServerInterceptingCall {
  constructor(
    call: ServerInterceptingCallInterface,
    private readonly memory: CallMemory,
  ) {
    super(call, {
      start: (next) => {
        next({
          onReceiveMessage: (message, pass) => {
            memory.received();
            pass(message);
          },
        });
      },
    });
  }

  override sendMessage(message: unknown, callback: () => void): void {
    super.sendMessage(message, () => {
      this.memory.sent();
      callback();
    });
    this.memory.sent();
  }
}

/** What one call keeps in memory. */
class CallMemory {
  private readonly stream: ServerHttp2Stream;
  private readonly incoming: Hold;
  private readonly outgoing: Hold;
  private readonly ratio: number;
  /** Bytes that the message which is coming may come to. */
  private expected = 0;
  private unwatch: (() => void) | undefined;

  constructor(
    private readonly call: ServerInterceptingCallInterface,
    bodies: ByteBudget,
    private readonly maxMessageBytes: number,
  ) {
    this.incoming = bodies.hold();
    this.outgoing = bodies.hold();
    const { stream, isPacked } = internalsOf(call);
    this.stream = stream;
    // How much comes out is known once it is out, and gRPC unpacks a message whole.
    this.ratio = isPacked ? greatestRatio : 1;
    // Before gRPC's own, which would begin to unpack what there is no room for.
    stream.prependListener('data', (chunk: Buffer) => {
      this.arrived(chunk.byteLength);
    });
    stream.once('close', () => {
      this.unwatch?.();
      this.incoming.release();
      this.outgoing.release();
    });
  }

  /** A message has come whole: from here on it counts among what waits for the engine. */
  received(): void {
    this.expected = 0;
    this.incoming.keep(0);
  }

  /** A message was handed to the stream, or is gone from it. */
  sent(): void {
    this.unwatch?.();
    this.unwatch = undefined;
    const { stream } = this;
    if (stream.destroyed) return;
    try {
      this.outgoing.keep(stream.writableLength);
      this.unwatch = endIfStalled(stream, this.end);
    } catch {
      this.end();
    }
  }

  private arrived(bytes: number): void {
    this.expected = Math.min(this.expected + bytes * this.ratio, this.maxMessageBytes);
    try {
      this.incoming.keep(this.expected);
    } catch (error) {
      this.incoming.release();
      this.call.sendStatus(refusedCall(asServingError(error)));
    }
  }

  private readonly end = (): void => {
    this.stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  };
}

interface Internals {
  readonly stream: ServerHttp2Stream;
  readonly isPacked: boolean;
}

/**
 * The stream of a call, and whether its messages are packed. gRPC tells interceptors neither, and
 * nothing of a message before it has come whole (grpc-js 1.14); a test holds that they are there.
 */
function internalsOf(call: ServerInterceptingCallInterface): Internals {
  const stream: unknown = Reflect.get(call, 'stream');
  const encoding: unknown = Reflect.get(call, 'incomingEncoding');
  if (!(stream instanceof Duplex)) throw new Error('grpc-js keeps its streams elsewhere now');
  return { stream: stream as ServerHttp2Stream, isPacked: encoding !== 'identity' };
}
