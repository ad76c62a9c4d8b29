import type { PeerCertificate } from 'node:tls';
import type { Metadata } from '@grpc/grpc-js';
import type { Approach } from '../access/credential';

/** What a call or a stream has of whoever makes it; grpc-js gives the certificate only if it was verified. */
interface Call {
  readonly metadata: Metadata;
  getAuthContext(): { readonly sslPeerCertificate?: PeerCertificate };
}

/** Whoever comes over gRPC. */
export class GrpcApproach implements Approach {
  constructor(private readonly call: Call) {}

  header(name: string): string | undefined {
    return this.call.metadata.get(name)[0]?.toString();
  }

  peerCertificate(): PeerCertificate | undefined {
    return this.call.getAuthContext().sslPeerCertificate;
  }
}
