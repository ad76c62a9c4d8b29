import { kinds, type ResidencyZone } from '@manara/constructs';
import type { DataFlow, Place } from '@manara/residency';
import { refuseArg } from './args';
import { formatRange, overlaps, parseRange, type Range } from './cidr';
import type { CloudEnd } from './cloud-flows';
import type { CloudKind } from './cloud-node';
import { isPrivate } from './network-range';

/** A network elsewhere that uses this one's endpoints over a private connection. */
export interface EndpointClient<P extends Place> {
  /** Where it is; one of the zone's places. */
  readonly place: P;
  /** Range of its addresses in CIDR notation: private, and apart from every other. */
  readonly range: string;
}

/** Networks elsewhere, by what they are called. */
export type EndpointClients<P extends Place = Place> = Readonly<Record<string, EndpointClient<P>>>;

/** Kind of the argument `endpointClients`. */
export const endpointClients = kinds.mapOf(kinds.record({ place: kinds.text, range: kinds.text }));

/** Those that a network is given, and the peers that it has besides; peers are checked before. */
interface Others {
  readonly peers?: Readonly<Record<string, string>>;
  readonly endpointClients?: EndpointClients;
}

/**
 * @throws DeployError MANARA_ARGS for a name that is none or a peer's, and for a range that is none, is
 * not private, or overlaps another
 */
export function checkEndpointClients(
  kind: CloudKind,
  name: string,
  own: Range,
  { peers = {}, endpointClients = {} }: Others,
): void {
  const taken = new Map([['the network', own]]);
  for (const [peer, text] of Object.entries(peers)) {
    const range = parseRange(text);
    if (range !== undefined) taken.set(`peer "${peer}"`, range);
  }
  for (const [client, { range: text }] of Object.entries(endpointClients)) {
    if (!/^[a-z]([a-z0-9-]{0,26}[a-z0-9])?$/.test(client)) {
      const allowed = 'names of at most 28 lower-case letters, digits and "-"';
      refuseArg(kind, name, 'endpointClients', allowed, client);
    }
    if (Object.hasOwn(peers, client)) {
      const allowed = `names that no peer has; a client is a peer, too: leave out peers["${client}"]`;
      refuseArg(kind, name, 'endpointClients', allowed, client);
    }
    const arg = `endpointClients["${client}"].range`;
    const range = parseRange(text);
    if (range === undefined || !isPrivate(range)) {
      refuseArg(kind, name, arg, 'a private range such as 10.30.0.0/16', text);
    }
    for (const [other, otherRange] of taken) {
      if (!overlaps(range, otherRange)) continue;
      const allowed = `a range apart from ${formatRange(otherRange)} of ${other}, or answers would not find their way`;
      refuseArg(kind, name, arg, allowed, text);
    }
    taken.set(`"${client}"`, range);
  }
}

/** The ranges that a network reaches, or is reached from: of its peers and of its endpoints' clients. */
export function connectedRanges({
  peers = {},
  endpointClients = {},
}: Others): Readonly<Record<string, string>> {
  return {
    ...peers,
    ...Object.fromEntries(
      Object.entries(endpointClients).map(([client, { range }]) => [client, range]),
    ),
  };
}

interface ClientsOfZone {
  readonly zone: ResidencyZone;
  readonly endpointClients?: EndpointClients;
}

/** What the endpoints answer goes to the networks that ask. */
export function clientFlows(
  self: CloudEnd,
  { zone, endpointClients = {} }: ClientsOfZone,
): readonly DataFlow[] {
  return Object.entries(endpointClients).map(([client, { place, range }]) => ({
    status: 'declared',
    kind: 'egress',
    owner: self.owner,
    dataClasses: zone.data,
    from: { name: `endpoints of network ${self.name}`, place: self.place },
    to: { name: `network ${client}`, place, addresses: [range] },
    encryption: 'tls',
  }));
}
