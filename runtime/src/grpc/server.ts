import { createServer, type Server as NetServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { promisify } from 'node:util';
import { grpcService } from '@manara/contract';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { ServerTls } from '../access/server-tls';
import type { ServerContext } from '../context';
import { listen } from '../listen';
import type { Endpoint } from '../options';
import type { GrpcParser } from './parser';
import { boundedCalls } from './bounded-calls';
import { loadDefinitions } from './definitions';
import { passLivingStreamsOnly } from './living-streams';
import { explanationHandlers, healthHandlers, serviceHandlers } from './handlers';
import { PlainGrpcFrontEnd } from './plain/front-end';
import type { StreamedInference } from './stream';

/** What a connection is held to that grpc-js reads. */
const connectionLimits = {
  /** Calls at once; a client keeps back what is more. */
  'grpc.max_concurrent_streams': 256,
  /**
   * Whether the other side is there is asked so often: a session of Node.js 20 whose streams hold answers
   * back does not notice by itself that its connection was closed.
   */
  'grpc.keepalive_time_ms': 10_000,
  /** Who reads nothing for so long is not there. */
  'grpc.keepalive_timeout_ms': 20_000,
  /** A connection without calls is told to go: clients come back by themselves. */
  'grpc.max_connection_idle_ms': 300_000,
} as const;

/** Answers are small and wait for nothing; those that are large are held up early enough. */
const socketOptions = { noDelay: true, highWaterMark: 64 * 1024 } as const;

/** The gRPC front end: plain inferences are answered here, everything else by grpc-js. */
export class GrpcFrontEnd {
  private readonly server: Server;
  /** @default - everything is left to grpc-js */
  private readonly plain: PlainGrpcFrontEnd | undefined;
  private readonly streams = new Set<StreamedInference>();
  private readonly listener: NetServer;

  /** @param tls - @default - connections are not encrypted */
  constructor(context: ServerContext, parser: GrpcParser, tls?: ServerTls) {
    const { inference, explanation, health } = loadDefinitions();
    this.server = new Server({
      ...connectionLimits,
      'grpc.max_receive_message_length': context.maxRequestBytes,
      'grpc.max_send_message_length': -1,
      interceptors: [boundedCalls(context.bodies, context.maxRequestBytes)],
    });
    this.server.addService(inference, serviceHandlers(context, this.streams));
    this.server.addService(explanation, explanationHandlers(context));
    this.server.addService(health, healthHandlers(context, grpcService));
    // Connections are encrypted before they get there.
    const library = this.server.createConnectionInjector(ServerCredentials.createInsecure());
    passLivingStreamsOnly(this.server);
    const inject = (socket: Duplex): void => {
      library.injectConnection(socket);
    };
    const plain = parser === 'own' ? new PlainGrpcFrontEnd(context, inference, inject) : undefined;
    this.plain = plain;
    this.listener = listenerFor(tls, (socket) => {
      if (plain === undefined) inject(socket);
      else plain.accept(socket);
    });
    this.listener.maxConnections = context.maxConnections;
  }

  /** @returns the address that was bound. @throws Error where it is in use. */
  async listen(endpoint: Endpoint): Promise<string> {
    return listen(this.listener, endpoint);
  }

  /** Stops accepting calls, and resolves once those under way are answered. */
  async drain(): Promise<void> {
    this.listener.close();
    for (const stream of this.streams) stream.finish();
    await this.plain?.drain();
    await promisify(this.server.tryShutdown.bind(this.server))();
  }

  /** Cuts every connection. */
  close(): void {
    this.plain?.close();
    this.listener.close();
    this.server.forceShutdown();
  }
}

/** Ours rather than gRPC's, which accepts connections without end. */
function listenerFor(tls: ServerTls | undefined, accept: (socket: Socket) => void): NetServer {
  if (tls === undefined) return createServer(socketOptions, accept);
  const listener = createTlsServer(
    { ...tls.options(), ...socketOptions, ALPNProtocols: ['h2'] },
    accept,
  );
  tls.follow(listener);
  return listener;
}
