import type { PeerCertificate } from 'node:tls';
import type { Caller } from '../call';

/** Whoever comes, as far as the transport can tell. */
export interface Approach {
  /** A header of the request, or the metadata of that name; names in lower case. */
  header(name: string): string | undefined;
  /** The certificate at the other end, if there is one and it was verified. */
  peerCertificate(): PeerCertificate | undefined;
}

/** A caller, for as long as what it showed stands. */
export interface Identified {
  readonly caller: Caller;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** A credential was shown and is not accepted. The message completes "Nobody is identified: …". */
export class CredentialRefused extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'CredentialRefused';
  }
}

/** No credential was shown at all. */
export class NothingShown extends CredentialRefused {
  constructor() {
    super('nothing was shown');
  }
}
