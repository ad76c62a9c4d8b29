import { join } from 'node:path';
import { explanationService, grpcService } from '@manara/contract';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { type Decode, decodeInferRequest } from './decode';
import type { ModelInferRequest } from './messages';

const protoFolder = join(__dirname, '..', '..', '..', 'proto');

export interface Definitions {
  readonly inference: ServiceDefinition;
  readonly explanation: ServiceDefinition;
  readonly health: ServiceDefinition;
}

/** Reads the interface definitions that this package ships. */
export function loadDefinitions(): Definitions {
  const loaded = loadSync(['grpc_service.proto', 'explanation.proto', 'health.proto'], {
    includeDirs: [protoFolder],
    keepCase: true,
    // Strings, not numbers: past 2^53 a number would lose digits.
    longs: String,
    enums: String,
    defaults: true,
    arrays: true,
    objects: true,
    oneofs: true,
  });
  const inference = loaded[grpcService] as ServiceDefinition;
  const explanation = loaded[explanationService] as ServiceDefinition;
  return {
    inference: { ...inference, ...decodedLate(inference, ['ModelInfer', 'ModelStreamInfer']) },
    explanation: { ...explanation, ...decodedLate(explanation, ['ModelExplain']) },
    health: loaded['grpc.health.v1.Health'] as ServiceDefinition,
  };
}

/**
 * Has methods hand their handlers the request as a function that decodes it. Where gRPC decodes, a
 * message that cannot be decoded is a fault of the server, and one that is too complex holds it up.
 */
function decodedLate(service: ServiceDefinition, methods: readonly string[]): ServiceDefinition {
  return Object.fromEntries(
    methods.map((name) => {
      const method = service[name];
      if (method === undefined) throw new Error(`the service definition has no method ${name}`);
      const requestDeserialize =
        (bytes: Buffer): (() => ModelInferRequest) =>
        () =>
          decodeInferRequest(bytes, method.requestDeserialize as Decode);
      return [name, { ...method, requestDeserialize }];
    }),
  );
}
