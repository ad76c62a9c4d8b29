import { randomUUID } from 'node:crypto';
import type { PeerCertificate } from 'node:tls';
import type { Metadata } from '@grpc/grpc-js';

/** Names, to grpc-js, the connection that a call came over to us. Nobody outside can know a name. */
const header = 'manara-connection';

type Peer = () => PeerCertificate | undefined;

const peers = new Map<string, Peer>();

/**
 * What grpc-js is given of a connection that ends with us: it sees another, within the process, and no
 * certificate at the other end of it.
 */
export class RelayedPeer {
  private readonly name = randomUUID();

  constructor(peer: Peer) {
    peers.set(this.name, peer);
  }

  /** To be given with every call of the connection, instead of those of that name that came with it. */
  get headers(): Readonly<Record<string, string>> {
    return { [header]: this.name };
  }

  /** The connection is closed. */
  forget(): void {
    peers.delete(this.name);
  }
}

/** The certificate at the other end of the connection that a call came over to us, if it came so. */
export function relayedCertificate(metadata: Metadata): PeerCertificate | undefined {
  const [name] = metadata.get(header);
  return peers.get(String(name))?.();
}
