import { kinds } from '@manara/constructs';
import {
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
} from '@manara/pulumi';
import { placeFact, type Place } from '@manara/residency';
import { type ServingKeys, servingKeys } from '../serving-keys';
import { type AwsComponentArgs, commonKinds } from '../aws-component';
import { type EndpointService, endpointServices, neededServices } from '../facts/endpoint-services';
import { checkRetention } from '../support/log-group';
import { planSubnets, usableAddresses, type ZonePlan, zonesRoom } from './subnet-plan';

export interface ServingNetworkArgs<P extends Place> extends AwsComponentArgs<P> {
  /** Keys of the same place; the flow logs are encrypted with that for logs. */
  readonly keys: ServingKeys<NoInfer<P>>;
  /** Range of the network's addresses: IPv4 of /16 to /22, private (RFC 1918) or shared (RFC 6598). */
  readonly cidr: string;
  /**
   * Ids of the availability zones, `mec1-az1`: the same in every account, unlike names such as
   * `me-central-1a`. A zone's addresses depend on its position, so add new ones at the end.
   */
  readonly availabilityZones: readonly string[];
  /**
   * Ranges of the networks that this one must reach or be reached from, by what they are called. None
   * may overlap.
   * @default - none
   */
  readonly peers?: Readonly<Record<string, string>>;
  /**
   * Networks elsewhere whose pods use this network's endpoints over a private connection, such as those of
   * a site in another cloud that copies weights, by what they are called.
   * @default - none: the network alone
   */
  readonly endpointClients?: Readonly<Record<string, EndpointClient<NoInfer<P>>>>;
  /**
   * Addresses that nodes and pods need in each zone; every pod has one.
   * @default 250
   */
  readonly addressesPerZone?: number;
  /**
   * Services to reach besides those that every network does.
   * @default - none
   */
  readonly services?: readonly EndpointService[];
  /**
   * A way out over the internet, to the ranges that it names.
   * @default - none
   */
  readonly internet?: InternetAccess<NoInfer<P>>;
  /**
   * Days that flow logs are kept: one of those that CloudWatch Logs offers.
   * @default 365
   */
  readonly logRetentionDays?: number;
}

export const kind = {
  cloud: 'aws',
  name: 'ServingNetwork',
  does: 'Private network over availability zones, with endpoints of its own for services of AWS',
  holds: ['Every connection is logged'],
} as const;

const argKinds = {
  ...commonKinds,
  keys: servingKeys,
  cidr: kinds.text,
  availabilityZones: kinds.listOf(kinds.text),
  peers: kinds.optional(kinds.mapOf(kinds.text)),
  endpointClients: kinds.optional(endpointClients),
  addressesPerZone: kinds.optional(kinds.anyNumber),
  services: kinds.optional(kinds.listOf(kinds.text)),
  internet: kinds.optional(internetAccess),
  logRetentionDays: kinds.optional(kinds.anyNumber),
};

/** What is worked out from the arguments. */
export interface NetworkPlan {
  readonly zones: readonly ZonePlan[];
  readonly services: readonly EndpointService[];
  /** Ranges that the internet is reached at; none without access. */
  readonly internetRanges: readonly string[];
}

/** @throws DeployError MANARA_ARGS naming the argument */
export function planNetwork<P extends Place>(
  name: string,
  args: ServingNetworkArgs<P>,
): NetworkPlan {
  checkArgs(kind, name, args, argKinds);
  checkRetention(kind, name, args.logRetentionDays);
  checkZones(name, args);
  const range = networkRange(kind, name, args.cidr, 22);
  checkPeers(kind, name, range, args.peers);
  checkEndpointClients(kind, name, range, args);
  return {
    zones: zonePlans(name, args, range),
    services: servicesOf(name, args.services ?? []),
    internetRanges: internetRanges(kind, name, args.internet, range),
  };
}

function checkZones(name: string, { place, availabilityZones }: ServingNetworkArgs<Place>): void {
  const known = placeFact(place)?.zones;
  const allowed =
    known === undefined
      ? 'ids of availability zones such as mec1-az1'
      : `some of ${known.join(', ')}`;
  const refuse = (received: unknown): never =>
    refuseArg(kind, name, 'availabilityZones', `two to seven different ${allowed}`, received);
  const distinct = new Set(availabilityZones);
  if (distinct.size < availabilityZones.length || distinct.size < 2 || distinct.size > 7) {
    refuse(availabilityZones);
  }
  const wrong = availabilityZones.find((zone) =>
    known === undefined ? !/^[a-z]+\d-az\d+$/.test(zone) : !known.includes(zone),
  );
  if (wrong !== undefined) refuse(wrong);
}

function zonePlans(
  name: string,
  { availabilityZones, addressesPerZone = 250 }: ServingNetworkArgs<Place>,
  range: Range,
): readonly ZonePlan[] {
  if (!Number.isSafeInteger(addressesPerZone) || addressesPerZone < 1) {
    refuseArg(kind, name, 'addressesPerZone', 'a whole number above 0', addressesPerZone);
  }
  const zones = availabilityZones.length;
  const plans = planSubnets(range, availabilityZones);
  const room = plans?.[0] === undefined ? 0 : usableAddresses(plans[0].workload);
  if (plans !== undefined && room >= addressesPerZone) return plans;
  return refuseArg(
    kind,
    name,
    'cidr',
    `room for ${addressesPerZone} addresses in each of ${zones} zones, and for as many zones as ${zonesRoom(zones)}; ${formatRange(range)} has ${room} in a zone; give a wider range`,
    formatRange(range),
  );
}

function servicesOf(name: string, more: readonly EndpointService[]): readonly EndpointService[] {
  const unknown = more.find((service) => !Object.hasOwn(endpointServices, service));
  if (unknown !== undefined) {
    refuseArg(
      kind,
      name,
      'services',
      `some of ${Object.keys(endpointServices).join(', ')}`,
      unknown,
    );
  }
  return [...new Set([...neededServices, ...more])];
}
