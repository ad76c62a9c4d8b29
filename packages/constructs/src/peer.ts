import { isIP } from 'node:net';
import type { k8s } from 'cdk8s-plus-28';
import { ConstructError } from './construct-error';
import { hasLate } from './late';

/** Labels that select pods. */
export type Labels = Readonly<Record<string, string>>;

/** Who is on the other side of a connection, as a NetworkPolicy can tell: pods, or addresses. */
export class Peer {
  /** Every pod of a namespace. */
  static namespace(name: string): Peer {
    return new Peer([
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } },
    ]);
  }

  /** Pods of a namespace that carry all these labels. */
  static pods(namespace: string, labels: Labels): Peer {
    return new Peer([
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        podSelector: { matchLabels: { ...labels } },
      },
    ]);
  }

  /**
   * Address ranges in CIDR notation, as of a private endpoint. May hold late values.
   *
   * @throws ConstructError MANARA_PEER for none, for text that is no range, and for ranges
   * wider than any private network: /8, or /7 in IPv6
   */
  static addresses(...ranges: readonly [string, ...string[]]): Peer {
    for (const range of ranges) {
      if (!hasLate(range) && !isRange(range)) {
        throw new ConstructError(
          'MANARA_PEER',
          'Peer.addresses',
          `expected address ranges such as 10.20.0.0/24, no wider than /8 (IPv6: /7); received "${range}"`,
        );
      }
    }
    return new Peer(ranges.map((cidr) => ({ ipBlock: { cidr } })));
  }

  private constructor(
    /** As they stand in a NetworkPolicy's `from` or `to`. */
    readonly toNetworkPolicyPeers: readonly k8s.NetworkPolicyPeer[],
  ) {}

  /** The address ranges among the peers. */
  get cidrs(): readonly string[] {
    return this.toNetworkPolicyPeers.flatMap((p) =>
      p.ipBlock === undefined ? [] : [p.ipBlock.cidr],
    );
  }
}

function isRange(text: string): boolean {
  const [address = '', prefix = '', ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || !/^\d{1,3}$/.test(prefix)) return false;
  const [widest, narrowest] = version === 4 ? [8, 32] : [7, 128];
  return Number(prefix) >= widest && Number(prefix) <= narrowest;
}
