import type { FlowEnd, Place } from '@manara/residency';
import {
  Eip,
  InternetGateway,
  NatGateway,
  Route,
  RouteTable,
  RouteTableAssociation,
  Subnet,
  type Vpc,
} from '@pulumi/aws/ec2';
import type { ChildContext } from '../aws-component';

/** A way out of a network over the internet. */
export interface InternetAccess<P extends Place> {
  /** Why there is one; it stands in the audit. */
  readonly why: string;
  /** Whom it leads to: there is a route for these ranges, and for no other. */
  readonly to: readonly InternetDestination<P>[];
}

/** Who is reached over the internet, over TLS. */
export interface InternetDestination<P extends Place> {
  /** What the audit calls it: `credit bureau`. */
  readonly name: string;
  /** Where it is; one of the zone's places. */
  readonly place: P;
  /** Its address ranges in CIDR notation, each of /8 to /32. */
  readonly addresses: readonly string[];
}

/** The ends of the egress flows that a way out has. */
export function destinationEnds(internet: InternetAccess<Place> | undefined): readonly FlowEnd[] {
  if (internet === undefined) return [];
  return internet.to.map(({ name, place, addresses }) => ({
    name: `${name} (${internet.why})`,
    place,
    addresses,
  }));
}

/** A zone of the network, as the way out needs it. */
interface ZoneWay {
  readonly zone: string;
  readonly natCidr: string;
  /** Of the zone's workloads. */
  readonly routeTable: RouteTable;
}

/** A NAT gateway in each zone, so that the loss of one takes no other's way out. */
export function addInternetAccess(
  { name, region, tags, child }: ChildContext,
  {
    vpc,
    ranges,
    zones,
  }: { readonly vpc: Vpc; readonly ranges: readonly string[]; readonly zones: readonly ZoneWay[] },
): void {
  const gateway = new InternetGateway(
    `${name}-internet`,
    { vpcId: vpc.id, region, tags: { ...tags, Name: name } },
    child,
  );
  const table = new RouteTable(
    `${name}-nat`,
    { vpcId: vpc.id, region, tags: { ...tags, Name: `${name}-nat` } },
    child,
  );
  ranges.forEach((destinationCidrBlock, i) => {
    new Route(
      `${name}-nat-${i}`,
      { routeTableId: table.id, destinationCidrBlock, gatewayId: gateway.id, region },
      child,
    );
  });
  for (const { zone, natCidr, routeTable } of zones) {
    const subnet = new Subnet(
      `${name}-nat-${zone}`,
      {
        vpcId: vpc.id,
        cidrBlock: natCidr,
        availabilityZoneId: zone,
        mapPublicIpOnLaunch: false,
        region,
        tags: { ...tags, Name: `${name}-nat-${zone}` },
      },
      child,
    );
    new RouteTableAssociation(
      `${name}-nat-${zone}`,
      { subnetId: subnet.id, routeTableId: table.id, region },
      child,
    );
    const address = new Eip(`${name}-nat-${zone}`, { domain: 'vpc', region, tags }, child);
    const nat = new NatGateway(
      `${name}-nat-${zone}`,
      { subnetId: subnet.id, allocationId: address.allocationId, region, tags },
      { ...child, dependsOn: [gateway] },
    );
    ranges.forEach((destinationCidrBlock, i) => {
      new Route(
        `${name}-workload-${zone}-${i}`,
        { routeTableId: routeTable.id, destinationCidrBlock, natGatewayId: nat.id, region },
        child,
      );
    });
  }
}
