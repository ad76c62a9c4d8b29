import type { Peer } from '../peer';

/** Who a peer is, in words: `pods of payments`. */
export function peerNames(peer: Peer): readonly string[] {
  if (peer.cidrs.length > 0) return peer.cidrs;
  const { identity } = peer;
  if ('cidrs' in identity) return identity.cidrs;
  const { namespace, labels } = identity;
  if (labels === undefined) return [`pods of ${namespace}`];
  const selected = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return [`pods of ${namespace} with ${selected.join(', ')}`];
}
