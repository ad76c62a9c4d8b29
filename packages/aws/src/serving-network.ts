import { kinds, Peer } from '@manara/constructs';
import {
  checkNeighbour,
  clientFlows,
  connectedRanges,
  formatRange,
  networkFlows,
} from '@manara/pulumi';
import type { Place } from '@manara/residency';
import {
  DefaultRouteTable,
  DefaultSecurityGroup,
  RouteTable,
  RouteTableAssociation,
  Subnet,
  Vpc,
} from '@pulumi/aws/ec2';
import type { ComponentResourceOptions, Output } from '@pulumi/pulumi';
import { AwsComponent } from './aws-component';
import type { EndpointService } from './facts/endpoint-services';
import { addEndpoints } from './network/endpoints';
import { addFlowLogs } from './network/flow-logs';
import { type ForeignAccess, foreignAccess } from './network/foreign-access';
import { addInternetAccess } from './network/internet';
import { kind, planNetwork, type ServingNetworkArgs } from './network/network-args';
import type { ZonePlan } from './network/subnet-plan';
import { accountOf } from './support/account';
import { encryptedLogGroup } from './support/log-group';

/**
 * A private network over availability zones: services of AWS are reached through endpoints of its own,
 * and the internet not at all, unless it is asked for, to stated ranges. Every connection is logged.
 */
export class ServingNetwork<const P extends Place = Place> extends AwsComponent<P> {
  /** Range of its addresses in CIDR notation. */
  readonly cidr: string;
  /** Ranges of the networks that it reaches, or that reach it, by what they are called. */
  readonly peers: Readonly<Record<string, string>>;
  /** Ids of its availability zones. */
  readonly availabilityZones: readonly string[];
  readonly vpcId: Output<string>;
  /** Subnets of nodes and pods, by the id of their zone. */
  readonly workloadSubnetIds: Readonly<Record<string, Output<string>>>;
  /** Route tables of those subnets, by the id of their zone: a private connection adds its routes here. */
  readonly workloadRouteTableIds: Readonly<Record<string, Output<string>>>;
  /** Ranges of the interface endpoints, and of nothing else. */
  readonly endpointRanges: readonly [string, ...string[]];
  /** Who answers for the services of AWS: `endpointRanges` as a peer, for stores and sinks. */
  readonly endpoints: Peer;
  /** Services of AWS that are reached. */
  readonly services: readonly EndpointService[];
  /** Id of the endpoint that S3 is reached through. */
  readonly s3EndpointId: Output<string>;
  /** What networks elsewhere reach. */
  readonly foreign: ForeignAccess<P>;

  /**
   * @throws DeployError MANARA_ARGS for an argument that cannot be used, MANARA_PLACE for keys of
   * another place; and those of AwsComponent
   */
  constructor(name: string, args: ServingNetworkArgs<P>, opts?: ComponentResourceOptions) {
    const plan = planNetwork(name, args);
    checkNeighbour(kind, name, 'keys', args, args.keys);
    super(
      kind,
      name,
      args,
      (self) => [...networkFlows(self, args.zone.data, args.internet), ...clientFlows(self, args)],
      opts,
    );
    const [first, ...others] = plan.zones.map(({ endpoints }) => formatRange(endpoints));
    this.cidr = args.cidr;
    this.peers = connectedRanges(args);
    this.availabilityZones = [...args.availabilityZones];
    this.endpointRanges = [first ?? args.cidr, ...others];
    this.services = plan.services;
    this.endpoints = Peer.addresses(...this.endpointRanges);

    const { region, tags, child } = this.context;
    const account = accountOf(this);
    const vpc = new Vpc(
      name,
      {
        cidrBlock: args.cidr,
        enableDnsSupport: true,
        enableDnsHostnames: true,
        region,
        tags: { ...tags, Name: name },
      },
      child,
    );
    // Without rules: what forgets to name a security group is let in and out of nowhere.
    new DefaultSecurityGroup(`${name}-default`, { vpcId: vpc.id, region, tags }, child);
    // The table of whatever names none; what somebody adds to it by hand is taken away again.
    new DefaultRouteTable(
      `${name}-default`,
      { defaultRouteTableId: vpc.defaultRouteTableId, routes: [], region, tags },
      child,
    );
    const zones = plan.zones.map((zone) => this.#addZone(vpc, zone));
    this.vpcId = vpc.id;
    this.workloadSubnetIds = Object.fromEntries(
      zones.map(({ zone, workload }) => [zone, workload.id]),
    );
    this.workloadRouteTableIds = Object.fromEntries(
      zones.map(({ zone, routeTable }) => [zone, routeTable.id]),
    );
    const { s3, sts } = addEndpoints(this.context, {
      vpc,
      cidr: args.cidr,
      clients: args.endpointClients ?? {},
      subnets: zones.map(({ endpoints }) => endpoints),
      services: plan.services,
      account,
    });
    this.s3EndpointId = s3.id;
    this.foreign = foreignAccess(this.context, {
      vpc,
      s3,
      sts,
      clients: args.endpointClients ?? {},
      subnets: zones.map(({ zone, endpoints }) => ({ zone, subnet: endpoints })),
    });
    const group = encryptedLogGroup(this.context, 'flow-logs', {
      key: args.keys.logs,
      retentionDays: args.logRetentionDays,
    });
    addFlowLogs(this.context, { vpc, group, account });
    if (plan.internetRanges.length > 0) {
      addInternetAccess(this.context, { vpc, ranges: plan.internetRanges, zones });
    }
    this.registerOutputs();
  }

  #addZone(vpc: Vpc, plan: ZonePlan) {
    const { zone } = plan;
    const { name, region, tags, child } = this.context;
    const subnetOf = (part: 'workload' | 'endpoints'): Subnet =>
      new Subnet(
        `${name}-${part}-${zone}`,
        {
          vpcId: vpc.id,
          cidrBlock: formatRange(plan[part]),
          availabilityZoneId: zone,
          mapPublicIpOnLaunch: false,
          region,
          tags: { ...tags, Name: `${name}-${part}-${zone}` },
        },
        child,
      );
    const workload = subnetOf('workload');
    const endpoints = subnetOf('endpoints');
    // A table of its own: a way out over the internet adds to it, and so may a private connection.
    const routeTable = new RouteTable(
      `${name}-workload-${zone}`,
      { vpcId: vpc.id, region, tags: { ...tags, Name: `${name}-workload-${zone}` } },
      child,
    );
    new RouteTableAssociation(
      `${name}-workload-${zone}`,
      { subnetId: workload.id, routeTableId: routeTable.id, region },
      child,
    );
    return { zone, workload, endpoints, routeTable, natCidr: formatRange(plan.nat) };
  }
}

/** Kind of an argument. */
export const servingNetwork = kinds.kind(
  'a ServingNetwork',
  (value) => value instanceof ServingNetwork,
);
