import { ServerCredentials } from '@grpc/grpc-js';
import type { SecureContextOptions, TlsOptions } from 'node:tls';
import type { TlsFollower } from '../access/server-tls';

/** Credentials of a gRPC server whose certificates can be replaced while it serves. */
export class FollowingCredentials extends ServerCredentials implements TlsFollower {
  constructor({ cert, key, ca, minVersion, ...options }: TlsOptions) {
    super(options, { cert, key, ca, minVersion });
  }

  setSecureContext(options: SecureContextOptions): void {
    this.updateSecureContextOptions(options);
  }

  override _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}
