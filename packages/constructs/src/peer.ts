import { isIP } from 'node:net';
import { ConstructError } from './construct-error';
import { hasLate } from './late/late';
import { shown } from './props/props';

/** Labels that select pods. */
export type Labels = Readonly<Record<string, string>>;

/** What tells a peer apart: the pods of a namespace, all or some of them, or addresses. */
export type PeerIdentity =
  | {
      readonly namespace: string;
      readonly labels?: Labels;
      /** Name of the service account that the pods run as, which a mesh tells them apart by. */
      readonly serviceAccount?: string;
    }
  | { readonly cidrs: readonly string[] };

/** Two copies of this package, in one program, must know each other's peers. */
const brand = Symbol.for('@manara/constructs.Peer');

/**
 * Who is on the other side of a connection. Plain data: what enforces it (a NetworkPolicy, a mesh) reads
 * it in its own terms.
 */
export class Peer {
  static isPeer(x: unknown): x is Peer {
    return typeof x === 'object' && x !== null && brand in x;
  }

  /**
   * Every pod of a namespace.
   *
   * @throws ConstructError MANARA_PEER for a name that no namespace can have
   */
  static namespace(name: string): Peer {
    return new Peer({ namespace: namespaceName('Peer.namespace', name) });
  }

  /**
   * Pods of a namespace that carry all these labels.
   *
   * @throws ConstructError MANARA_PEER for a name that no namespace can have, and for no labels
   */
  static pods(namespace: string, labels: Labels): Peer {
    namespaceName('Peer.pods', namespace);
    const entries = Object.entries((labels as Labels | null | undefined) ?? {});
    if (entries.length === 0) {
      throw new ConstructError(
        'MANARA_PEER',
        'Peer.pods',
        `labels: expected at least one, received none; for every pod, Peer.namespace('${namespace}')`,
      );
    }
    const wrong = entries.find(([key, value]) => !labelKey.test(key) || !isLabelValue(value));
    if (wrong !== undefined) {
      throw new ConstructError(
        'MANARA_PEER',
        'Peer.pods',
        `labels: expected a Kubernetes label such as app: prometheus; received ${wrong[0]}: ${shown(wrong[1])}`,
      );
    }
    return new Peer({ namespace, labels: { ...labels } });
  }

  /**
   * Pods of a namespace that run as a service account. A mesh knows them by their certificate; a
   * NetworkPolicy cannot tell them from others of the namespace, and lets all of it in.
   *
   * @throws ConstructError MANARA_PEER for a name that no namespace or service account can have
   */
  static serviceAccount(namespace: string, name: string): Peer {
    namespaceName('Peer.serviceAccount', namespace);
    if (typeof name !== 'string' || !(hasLate(name) || dnsSubdomain.test(name))) {
      throw new ConstructError(
        'MANARA_PEER',
        'Peer.serviceAccount',
        `name: expected a service account's, lower-case letters, digits, "-" and "."; received ${shown(name)}`,
      );
    }
    return new Peer({ namespace, serviceAccount: name });
  }

  /**
   * Address ranges in CIDR notation, as of a private endpoint. May hold late values.
   *
   * @throws ConstructError MANARA_PEER for none, for text that is no range, and for ranges
   * wider than any private network: /8, or /7 in IPv6
   */
  static addresses(...ranges: readonly [string, ...string[]]): Peer {
    const refuse = (received: unknown): never => {
      throw new ConstructError(
        'MANARA_PEER',
        'Peer.addresses',
        `expected address ranges such as 10.20.0.0/24, no wider than /8 (IPv6: /7); received ${shown(received)}`,
      );
    };
    if (ranges.length === 0) refuse(undefined);
    for (const range of ranges) {
      if (typeof range !== 'string' || !(hasLate(range) || isRange(range))) refuse(range);
    }
    return new Peer({ cidrs: ranges });
  }

  private constructor(readonly identity: PeerIdentity) {
    Object.defineProperty(this, brand, { value: true });
  }

  /** Its address ranges in CIDR notation; pods have none. */
  get cidrs(): readonly string[] {
    return 'cidrs' in this.identity ? this.identity.cidrs : [];
  }
}

const dnsLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

const dnsSubdomain = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

/** A name of at most 63 characters, after a DNS name and a slash or not. */
export const labelKey =
  /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/;

export function isLabelValue(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  return hasLate(value) || /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/.test(value);
}

function namespaceName(at: string, name: string): string {
  if (typeof name === 'string' && (hasLate(name) || dnsLabel.test(name))) return name;
  throw new ConstructError(
    'MANARA_PEER',
    at,
    `expected a namespace of at most 63 lower-case letters, digits and "-"; received ${shown(name)}`,
  );
}

function isRange(text: string): boolean {
  const [address = '', prefix = '', ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || !/^\d{1,3}$/.test(prefix)) return false;
  const [widest, narrowest] = version === 4 ? [8, 32] : [7, 128];
  return Number(prefix) >= widest && Number(prefix) <= narrowest;
}
