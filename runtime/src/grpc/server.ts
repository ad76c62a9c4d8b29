import { promisify } from 'node:util';
import { grpcService } from '@manara/contract';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { ServerTls } from '../access/server-tls';
import type { ServerContext } from '../context';
import { FollowingCredentials } from './credentials';
import { loadDefinitions } from './definitions';
import { explanationHandlers, healthHandlers, serviceHandlers } from './handlers';
import type { StreamedInference } from './stream';

/** The gRPC front end. */
export class GrpcFrontEnd {
  private readonly server: Server;
  private readonly streams = new Set<StreamedInference>();

  /** @param tls - @default - connections are not encrypted */
  constructor(
    context: ServerContext,
    private readonly tls?: ServerTls,
  ) {
    const { inference, explanation, health } = loadDefinitions();
    this.server = new Server({
      'grpc.max_receive_message_length': context.maxRequestBytes,
      'grpc.max_send_message_length': -1,
    });
    this.server.addService(inference, serviceHandlers(context, this.streams));
    this.server.addService(explanation, explanationHandlers(context));
    this.server.addService(health, healthHandlers(context, grpcService));
  }

  /** @returns the port that was bound. @throws Error where the address is in use. */
  async listen(host: string, port: number): Promise<number> {
    const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const bind = promisify(this.server.bindAsync.bind(this.server));
    return bind(address, this.credentials());
  }

  private credentials(): ServerCredentials {
    if (this.tls === undefined) return ServerCredentials.createInsecure();
    const credentials = new FollowingCredentials(this.tls.options());
    this.tls.follow(credentials);
    return credentials;
  }

  /** Stops accepting calls, and resolves once those under way are answered. */
  async drain(): Promise<void> {
    for (const stream of this.streams) stream.finish();
    await promisify(this.server.tryShutdown.bind(this.server))();
  }

  /** Cuts every connection. */
  close(): void {
    this.server.forceShutdown();
  }
}
