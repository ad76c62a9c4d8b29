import { join } from 'node:path';
import { grpcService } from '@manara/contract';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const protoFolder = join(__dirname, '..', '..', '..', 'proto');

export interface Definitions {
  readonly inference: ServiceDefinition;
  readonly health: ServiceDefinition;
}

/** Reads the interface definitions that this package ships. */
export function loadDefinitions(): Definitions {
  const loaded = loadSync(['grpc_service.proto', 'health.proto'], {
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
  return {
    inference: loaded[grpcService] as ServiceDefinition,
    health: loaded['grpc.health.v1.Health'] as ServiceDefinition,
  };
}
