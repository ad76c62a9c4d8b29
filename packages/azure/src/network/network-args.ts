import { kinds } from '@manara/constructs';
import {
  anyText,
  checkArgs,
  checkEndpointClients,
  checkPeers,
  type EndpointClient,
  endpointClients,
  formatRange,
  type InternetAccess,
  internetAccess,
  internetRanges,
  networkRange,
  type Range,
  refuseArg,
  wholeDays,
} from '@manara/pulumi';
import type { Place } from '@manara/residency';
import type { Input } from '@pulumi/pulumi';
import { type AzureComponentArgs, commonKinds } from '../azure-component';
import { planSubnets, type SubnetPlan, usableAddresses } from './subnet-plan';

export interface ServingNetworkArgs<P extends Place> extends AzureComponentArgs<P> {
  /** Range of the network's addresses: IPv4 of /16 to /24, private (RFC 1918) or shared (RFC 6598). */
  readonly cidr: string;
  /**
   * Ranges of the networks that this one must reach or be reached from, by what they are called. None
   * may overlap.
   * @default - none
   */
  readonly peers?: Readonly<Record<string, string>>;
  /**
   * Networks elsewhere that use this network's private endpoints over a private connection, such as that
   * of a site in another cloud that pushes images, by what they are called.
   * @default - none: the network alone
   */
  readonly endpointClients?: Readonly<Record<string, EndpointClient<NoInfer<P>>>>;
  /**
   * Nodes that the network must have addresses for, those that an upgrade adds included.
   * @default 100
   */
  readonly nodes?: number;
  /**
   * A way out over the internet, to the ranges that it names.
   * @default - none
   */
  readonly internet?: InternetAccess<NoInfer<P>>;
  /**
   * Days that logs are kept in the workspace, and flow logs in their account: 30 to 730.
   * @default 365
   */
  readonly logRetentionDays?: number;
  /**
   * The subscription's network watcher in this region.
   * @default - the one that Azure makes: `NetworkWatcher_<region>` in `NetworkWatcherRG`
   */
  readonly networkWatcher?: NetworkWatcher;
}

/** A network watcher that exists. */
export interface NetworkWatcher {
  readonly name: Input<string>;
  readonly resourceGroupName: Input<string>;
}

export const kind = {
  cloud: 'azure',
  name: 'ServingNetwork',
  does: 'Private network, and the workspace that diagnostics go to',
  holds: ['Every connection is logged'],
} as const;

const argKinds = {
  ...commonKinds,
  cidr: kinds.text,
  peers: kinds.optional(kinds.mapOf(kinds.text)),
  endpointClients: kinds.optional(endpointClients),
  nodes: kinds.optional(kinds.anyNumber),
  internet: kinds.optional(internetAccess),
  logRetentionDays: kinds.optional(kinds.anyNumber),
  networkWatcher: kinds.optional(kinds.record({ name: anyText, resourceGroupName: anyText })),
};

/** What is worked out from the arguments. */
export interface NetworkPlan {
  readonly subnets: SubnetPlan;
  /** Ranges that the internet is reached at; none without access. */
  readonly internetRanges: readonly string[];
  readonly retentionDays: number;
}

/** @throws DeployError MANARA_ARGS naming the argument */
export function planNetwork(name: string, args: ServingNetworkArgs<Place>): NetworkPlan {
  checkArgs(kind, name, args, argKinds);
  const range = networkRange(kind, name, args.cidr, 24);
  checkPeers(kind, name, range, args.peers);
  checkEndpointClients(kind, name, range, args);
  return {
    subnets: subnetPlan(name, args.nodes, range),
    internetRanges: internetRanges(kind, name, args.internet, range),
    retentionDays: wholeDays(kind, name, 'logRetentionDays', args.logRetentionDays, {
      from: 30,
      to: 730,
      byDefault: 365,
    }),
  };
}

function subnetPlan(name: string, nodes: number | undefined, range: Range): SubnetPlan {
  const wanted = nodes ?? 100;
  if (!Number.isSafeInteger(wanted) || wanted < 1) {
    refuseArg(kind, name, 'nodes', 'a whole number above 0', nodes);
  }
  const plan = planSubnets(range);
  const room = usableAddresses(plan.nodes);
  if (room >= wanted) return plan;
  return refuseArg(
    kind,
    name,
    'cidr',
    `room for ${wanted} nodes; ${formatRange(range)} has ${room}; give a wider range`,
    formatRange(range),
  );
}
