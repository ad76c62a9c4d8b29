import type { EndpointClients } from '@manara/pulumi';
import type { Place } from '@manara/residency';
import {
  RouteTable,
  RouteTableAssociation,
  type Subnet,
  type Vpc,
  type VpcEndpoint,
} from '@pulumi/aws/ec2';
import type { Output } from '@pulumi/pulumi';
import type { ChildContext } from '../aws-component';

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
