import { createServer, type Server as NetServer } from 'node:net';
import { promisify } from 'node:util';
import { grpcService } from '@manara/contract';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { ServerTls } from '../access/server-tls';
import type { ServerContext } from '../context';
import { FollowingCredentials } from './credentials';
import { listen } from '../listen';
import type { Endpoint } from '../options';
import type { GrpcParser } from './parser';
import { boundedCalls } from './bounded-calls';
import { loadDefinitions } from './definitions';
import { explanationHandlers, healthHandlers, serviceHandlers } from './handlers';
import { PlainGrpcFrontEnd } from './plain/front-end';
import { closeWhenIdle, interposeStreams } from './plain/streams';
import type { StreamedInference } from './stream';

/** What a connection is held to. */
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
} as const;

/** A connection without calls is told to go: clients come back by themselves. */
const idleMillis = 300_000;

/** The gRPC front end: plain inferences are answered here, everything else by grpc-js. */
export class GrpcFrontEnd {
  private readonly server: Server;
  /** @default - everything is left to grpc-js */
  private plain: PlainGrpcFrontEnd | undefined;
  private readonly streams = new Set<StreamedInference>();
  /** Ours rather than gRPC's, which accepts connections without end. */
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
    const connections = this.server.createConnectionInjector(credentialsFor(tls));
    closeWhenIdle(this.server, idleMillis);
    if (parser === 'own') {
      interposeStreams(this.server, (library) => {
        this.plain = new PlainGrpcFrontEnd(context, inference, library);
        return this.plain.accept;
      });
    }
    this.listener = createServer({ noDelay: true }, (socket) => {
      connections.injectConnection(socket);
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
    await promisify(this.server.tryShutdown.bind(this.server))();
  }

  /** Cuts every connection. */
  close(): void {
    this.plain?.close();
    this.listener.close();
    this.server.forceShutdown();
  }
}

function credentialsFor(tls: ServerTls | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  const credentials = new FollowingCredentials(tls.options());
  tls.follow(credentials);
  return credentials;
}
