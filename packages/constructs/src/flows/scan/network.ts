import { BlockList, isIP } from 'node:net';
import { addressRange } from '@manara/residency';
import { listAt, recordAt, textAt } from '../../manifest';
import { egress, type Find } from './find';
import type { KnownEnds } from './known-ends';
import { scaledObjectFinds } from './scaled-objects';

/**
 * Ways out of the network that an object of a known kind opens.
 *
 * @param answered whether a construct that declares its flows made it, and so answers for who is let in
 */
export function networkFinds(
  kind: string,
  manifest: unknown,
  known: KnownEnds,
  answered = false,
): readonly Find[] {
  switch (kind) {
    case 'NetworkPolicy':
      return policyFinds(manifest, known);
    case 'Service':
      return serviceFinds(manifest, known, answered);
    case 'Endpoints':
    case 'EndpointSlice':
      return endpointFinds(manifest, known);
    case 'ScaledObject':
      return scaledObjectFinds(manifest, known);
    default:
      return [];
  }
}

function policyFinds(manifest: unknown, known: KnownEnds): readonly Find[] {
  return listAt(recordAt(manifest, 'spec'), 'egress').flatMap((rule): readonly Find[] => {
    const peers = listAt(rule, 'to');
    if (peers.length === 0) return [egress('lets pods connect to any address')];
    return peers.flatMap((peer): readonly Find[] => {
      const cidr = textAt(recordAt(peer, 'ipBlock'), 'cidr');
      if (cidr !== undefined) {
        if (known.addresses.has(cidr)) return [];
        return [egress(`lets pods connect to ${cidr}, which no declared flow explains`)];
      }
      if (!selectsAll(peer, 'namespaceSelector') || selectsSome(peer, 'podSelector')) return [];
      return [
        egress(
          'lets pods connect to every pod of the cluster',
          'name the namespace by its label kubernetes.io/metadata.name, or the pods by theirs',
        ),
      ];
    });
  });
}

/** To Kubernetes, a selector that is there and empty selects everything. */
function selectsAll(peer: unknown, selector: string): boolean {
  return recordAt(peer, selector) !== undefined && !selectsSome(peer, selector);
}

function selectsSome(peer: unknown, selector: string): boolean {
  const found = recordAt(peer, selector);
  const labels = Object.keys(recordAt(found, 'matchLabels') ?? {});
  return labels.length + listAt(found, 'matchExpressions').length > 0;
}

function serviceFinds(
  manifest: unknown,
  { hosts, addresses }: KnownEnds,
  answered: boolean,
): readonly Find[] {
  const spec = recordAt(manifest, 'spec');
  const type = textAt(spec, 'type');
  const externals = listAt(spec, 'externalIPs').map(String);
  const finds = externals
    .filter((ip) => !isWithin(ip, addresses))
    .map((ip) => egress(`answers for ${ip}, which no declared flow explains`));
  if (type === 'LoadBalancer' && !answered) {
    const fix = 'use type ClusterIP, and let callers in from where the site is';
    return [...finds, egress('asks for a load balancer, whose place no flow declares', fix)];
  }
  const host = textAt(spec, 'externalName') ?? '';
  if (type !== 'ExternalName' || hosts.has(host.toLowerCase())) return finds;
  return [...finds, egress(`leads to "${host}", which no flow declares`)];
}

/** Addresses that stand in an object lead a Service to wherever they are. */
function endpointFinds(manifest: unknown, { hosts, addresses }: KnownEnds): readonly Find[] {
  const ofSlice = listAt(manifest, 'endpoints').flatMap((one) => listAt(one, 'addresses'));
  const ofSubsets = listAt(manifest, 'subsets')
    .flatMap((one) => [...listAt(one, 'addresses'), ...listAt(one, 'notReadyAddresses')])
    .map((one) => textAt(one, 'ip'));
  return [...ofSlice, ...ofSubsets]
    .map(String)
    .filter((address) => !hosts.has(address.toLowerCase()) && !isWithin(address, addresses))
    .map((address) => egress(`leads to ${address}, which no declared flow explains`));
}

/** Whether an address lies in one of some ranges. */
export function isWithin(address: string, ranges: ReadonlySet<string>): boolean {
  const list = new BlockList();
  for (const cidr of ranges) {
    const range = addressRange(cidr);
    if (range === undefined) continue;
    list.addSubnet(cidr.slice(0, cidr.indexOf('/')), range.prefix, range.family);
  }
  return isIP(address) !== 0 && list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}
