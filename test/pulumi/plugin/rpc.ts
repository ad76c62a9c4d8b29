import {
  Server,
  ServerCredentials,
  type ServiceError,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { ResourceProviderService } from '@pulumi/pulumi/proto/provider_grpc_pb';
import type { Struct } from 'google-protobuf/google/protobuf/struct_pb';
import type { JsonObject } from './json';

/**
 * The plugin's end of Pulumi's plugin protocol: requests of the engine on a free port of loopback, the
 * port on standard output, and nothing else there.
 */
export async function runPlugin(methods: UntypedServiceImplementation): Promise<void> {
  const server = new Server({ 'grpc.max_receive_message_length': -1 });
  server.addService(ResourceProviderService, methods);
  console.log(await portOf(server));
  // Where the engine is killed, nobody else ends its plugins.
  const engine = process.ppid;
  setInterval(() => {
    if (process.ppid !== engine) process.exit();
  }, 500);
}

function portOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}

type Handler<Request, Response> = (
  call: ServerUnaryCall<Request, Response>,
  callback: sendUnaryData<Response>,
) => void;

/** A method of the service. What it throws is the engine's to print. */
export function unary<Request, Response>(
  answer: (request: Request) => Response | Promise<Response>,
): Handler<Request, Response> {
  return (call, callback) => {
    void (async () => answer(call.request))().then(
      (response) => {
        callback(null, response);
      },
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        const failure: Partial<ServiceError> = { code: status.UNKNOWN, details: message };
        callback(failure);
      },
    );
  };
}

export function valueOf(struct: Struct | undefined): JsonObject {
  return struct?.toJavaScript() ?? {};
}
