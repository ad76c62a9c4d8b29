import { kinds, type ResidencyZone } from '@manara/constructs';
import {
  type CloudEnd,
  type CloudKind,
  formatRange,
  isPrivate,
  overlaps,
  parseRange,
  type Range,
  refuseArg,
} from '@manara/pulumi';
import type { DataFlow, Place } from '@manara/residency';
import {
  RouteTable,
  RouteTableAssociation,
  type Subnet,
  type Vpc,
  type VpcEndpoint,
} from '@pulumi/aws/ec2';
import type { Output } from '@pulumi/pulumi';
import type { ChildContext } from '../aws-component';

/** A network elsewhere, whose pods use this one's endpoints over a private connection. */
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

/** @throws DeployError MANARA_ARGS for a range that is none, is not private, or overlaps another */
export function checkEndpointClients(
  kind: CloudKind,
  name: string,
  own: Range,
  clients: EndpointClients,
): void {
  const taken = new Map([['the network', own]]);
  for (const [client, { range: text }] of Object.entries(clients)) {
    if (!/^[a-z]([a-z0-9-]{0,26}[a-z0-9])?$/.test(client)) {
      const allowed = 'names of at most 28 lower-case letters, digits and "-"';
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

/** The ranges of clients, by what they are called. */
export function clientRanges(clients: EndpointClients): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(clients).map(([client, { range }]) => [client, range]));
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

/** What networks elsewhere reach of a network. */
export interface ForeignAccess<P extends Place = Place> {
  /** Those that are let in. */
  readonly clients: EndpointClients<P>;
  /** `https://bucket.vpce-….s3.<region>.vpce.amazonaws.com`: a name that resolves everywhere, to private addresses. */
  readonly s3Endpoint: Output<string>;
  /** `https://vpce-….sts.<region>.vpce.amazonaws.com` */
  readonly stsEndpoint: Output<string>;
  /** Route table of the endpoints' subnets, to which a private connection adds its routes; none without clients. */
  readonly routeTableId: Output<string> | undefined;
}

interface ForeignInput<P extends Place> {
  readonly vpc: Vpc;
  readonly s3: VpcEndpoint;
  readonly sts: VpcEndpoint;
  readonly clients: EndpointClients<P>;
  readonly subnets: readonly { readonly zone: string; readonly subnet: Subnet }[];
}

export function foreignAccess<P extends Place>(
  context: ChildContext,
  { vpc, s3, sts, clients, subnets }: ForeignInput<P>,
): ForeignAccess<P> {
  const hasClients = Object.keys(clients).length > 0;
  return {
    clients,
    s3Endpoint: addressOf(s3, 'bucket.'),
    stsEndpoint: addressOf(sts),
    routeTableId: hasClients ? addRouteTable(context, vpc, subnets) : undefined,
  };
}

/** Without a table of their own the subnets have the VPC's, which nobody may add a route to. */
function addRouteTable(
  { name, region, tags, child }: ChildContext,
  vpc: Vpc,
  subnets: ForeignInput<Place>['subnets'],
): Output<string> {
  const id = `${name}-endpoints`;
  const table = new RouteTable(id, { vpcId: vpc.id, region, tags: { ...tags, Name: id } }, child);
  for (const { zone, subnet } of subnets) {
    new RouteTableAssociation(
      `${id}-${zone}`,
      { subnetId: subnet.id, routeTableId: table.id, region },
      child,
    );
  }
  return table.id;
}

/**
 * An endpoint's own name. AWS writes that of S3 with a star before it, for which `bucket` stands.
 * Source: Amazon S3, AWS PrivateLink for Amazon S3; read 2026-11-22.
 */
function addressOf({ dnsEntries }: VpcEndpoint, prefix = ''): Output<string> {
  return dnsEntries.apply((entries: readonly { readonly dnsName: string }[] | undefined) => {
    // Under mocks, as in `manara audit`, a resource has nothing but what it was given.
    const { dnsName = 'endpoint.invalid' } = entries?.[0] ?? {};
    return `https://${prefix}${dnsName.replace(/^\*\./, '')}`;
  });
}
