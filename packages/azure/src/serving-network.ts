import { kinds, Peer } from '@manara/constructs';
import {
  clientFlows,
  connectedRanges,
  formatRange,
  networkFlows,
  storageFlow,
} from '@manara/pulumi';
import type { Place } from '@manara/residency';
import {
  type NatGateway,
  type NetworkSecurityGroup,
  Subnet,
  VirtualNetwork,
} from '@pulumi/azure-native/network';
import { Workspace } from '@pulumi/azure-native/operationalinsights';
import type { ComponentResourceOptions, Output } from '@pulumi/pulumi';
import { AzureComponent } from './azure-component';
import type { PrivateLinkService } from './facts/private-link';
import { addFlowLogs } from './network/flow-logs';
import { addNatGateway } from './network/nat';
import { kind, planNetwork, type ServingNetworkArgs } from './network/network-args';
import { addPrivateDns } from './network/private-dns';
import { endpointSecurityGroup, nodeSecurityGroup } from './network/security-rules';
import type { SubnetPlan } from './network/subnet-plan';

/**
 * A private network, and the workspace that the site's diagnostics go to. Services of Azure are reached
 * at private endpoints, and the internet not at all, unless it is asked for, to stated ranges. Every
 * connection is logged.
 */
export class ServingNetwork<const P extends Place = Place> extends AzureComponent<P> {
  /** Range of its addresses in CIDR notation. */
  readonly cidr: string;
  /** Ranges of the networks that it reaches, or that reach it, by what they are called. */
  readonly peers: Readonly<Record<string, string>>;
  /** Whether there is a way out over the internet. */
  readonly hasInternet: boolean;
  readonly networkId: Output<string>;
  readonly nodeSubnetId: Output<string>;
  readonly endpointSubnetId: Output<string>;
  readonly apiServerSubnetId: Output<string>;
  /** Ids of the private DNS zones, by service. */
  readonly privateDnsZoneIds: Readonly<Record<PrivateLinkService, Output<string>>>;
  /** Ranges of the private endpoints, and of nothing else. */
  readonly endpointRanges: readonly [string, ...string[]];
  /** Who answers for the services of Azure: `endpointRanges` as a peer, for stores and sinks. */
  readonly endpoints: Peer;
  /** Id of the Log Analytics workspace that diagnostics go to. */
  readonly workspaceId: Output<string>;

  /** @throws DeployError MANARA_ARGS for an argument that cannot be used; and those of AzureComponent */
  constructor(name: string, args: ServingNetworkArgs<P>, opts?: ComponentResourceOptions) {
    const plan = planNetwork(name, args);
    super(
      kind,
      name,
      args,
      (self) => [
        storageFlow(self, 'log workspace', args.zone.data),
        ...networkFlows(self, args.zone.data, args.internet),
        ...clientFlows(self, args),
      ],
      opts,
    );
    this.cidr = args.cidr;
    this.peers = connectedRanges(args);
    this.hasInternet = plan.internetRanges.length > 0;
    this.endpointRanges = [formatRange(plan.subnets.endpoints)];
    this.endpoints = Peer.addresses(...this.endpointRanges);

    const { location, resourceGroupName, tags, child } = this.context;
    this.workspaceId = new Workspace(
      name,
      {
        location,
        resourceGroupName,
        sku: { name: 'PerGB2018' },
        retentionInDays: plan.retentionDays,
        features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true },
        // Diagnostic settings come another way, and agents are to have a sink of their own.
        publicNetworkAccessForIngestion: 'Disabled',
        publicNetworkAccessForQuery: 'Enabled',
        tags,
      },
      child,
    ).id;
    const network = new VirtualNetwork(
      name,
      {
        location,
        resourceGroupName,
        addressSpace: { addressPrefixes: [args.cidr] },
        tags,
      },
      child,
    );
    this.networkId = network.id;
    const nodes = nodeSecurityGroup(this.context, plan.internetRanges);
    const endpoints = endpointSecurityGroup(this.context, args);
    const nat = this.hasInternet ? addNatGateway(this.context) : undefined;
    const subnets = this.#addSubnets(network, plan.subnets, { nodes, endpoints, nat });
    this.nodeSubnetId = subnets.nodes.id;
    this.endpointSubnetId = subnets.endpoints.id;
    this.apiServerSubnetId = subnets.apiServer.id;
    this.privateDnsZoneIds = addPrivateDns(this.context, network);
    addFlowLogs(this.context, {
      network,
      watcher: args.networkWatcher,
      retentionDays: plan.retentionDays,
    });
    this.registerOutputs();
  }

  #addSubnets(network: VirtualNetwork, plan: SubnetPlan, { nodes, endpoints, nat }: Doors) {
    const { name, resourceGroupName, child } = this.context;
    const common = {
      virtualNetworkName: network.name,
      resourceGroupName,
      // Azure would give machines without a way out one of its own.
      defaultOutboundAccess: false,
    };
    const nodeSubnet = new Subnet(
      `${name}-nodes`,
      {
        ...common,
        addressPrefix: formatRange(plan.nodes),
        networkSecurityGroup: { id: nodes.id },
        ...(nat === undefined ? {} : { natGateway: { id: nat.id } }),
      },
      child,
    );
    const endpointSubnet = new Subnet(
      `${name}-endpoints`,
      {
        ...common,
        addressPrefix: formatRange(plan.endpoints),
        networkSecurityGroup: { id: endpoints.id },
        // Without this, a security group lets everything to private endpoints.
        privateEndpointNetworkPolicies: 'NetworkSecurityGroupEnabled',
      },
      // A network changes one subnet at a time; the second request at once is refused.
      { ...child, dependsOn: [nodeSubnet] },
    );
    const apiServer = new Subnet(
      `${name}-apiserver`,
      {
        ...common,
        addressPrefix: formatRange(plan.apiServer),
        delegations: [{ name: 'aks', serviceName: 'Microsoft.ContainerService/managedClusters' }],
      },
      { ...child, dependsOn: [endpointSubnet] },
    );
    return { nodes: nodeSubnet, endpoints: endpointSubnet, apiServer };
  }
}

/** What stands at the edge of the subnets. */
interface Doors {
  readonly nodes: NetworkSecurityGroup;
  readonly endpoints: NetworkSecurityGroup;
  readonly nat: NatGateway | undefined;
}

/** Kind of an argument. */
export const servingNetwork = kinds.kind(
  'a ServingNetwork',
  (value) => value instanceof ServingNetwork,
);
