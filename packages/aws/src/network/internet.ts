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
