import type { Socket } from 'node:net';
import { type PeerCertificate, TLSSocket } from 'node:tls';

const known = new WeakMap<Socket, PeerCertificate>();

/** The certificate at the other end of a connection, if there is one and it was verified. */
export function peerCertificateOf(socket: Socket): PeerCertificate | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  // Reading it takes longer than all else that is done about a caller who is known.
  const certificate = known.get(socket) ?? socket.getPeerCertificate();
  known.set(socket, certificate);
  return certificate;
}
