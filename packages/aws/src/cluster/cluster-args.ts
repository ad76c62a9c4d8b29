import { kinds } from '@manara/constructs';
import {
  anyText,
  checkArgs,
  checkNeighbour,
  overlaps,
  parseRange,
  type Range,
  refuseArg,
  isPrivate,
} from '@manara/pulumi';
import { type InstanceOfferings, offeringsAt, type Place } from '@manara/residency';
import { type AwsComponentArgs, commonKinds } from '../aws-component';
import type { NodeCount } from '../nodes/node-group';
import { checkNodeCount, nodeCount } from '../nodes/node-count';
import { type PoolPlan, planPool } from '../nodes/pool-plan';
import { type Quotas, VcpuLedger } from '../nodes/vcpu-ledger';
import { type ServingKeys, servingKeys } from '../serving-keys';
import { type ServingNetwork, servingNetwork } from '../serving-network';
import { checkRetention } from '../support/log-group';
import { type AccessGrant, accessRoles } from './access';
import { type AddonName, addonNames } from './addons';

export interface EksServingClusterArgs<P extends Place> extends AwsComponentArgs<P> {
  /** Keys of the same place: that for secrets envelopes them, that for disks encrypts the nodes'. */
  readonly keys: ServingKeys<NoInfer<P>>;
  /** Network of the same place that nodes and pods run in. */
  readonly network: ServingNetwork<NoInfer<P>>;
  /** Version of Kubernetes, `1.34`; one that EKS has. */
  readonly version: string;
  /** Who may do what in the cluster, by what they are called. Someone must be its administrator. */
  readonly access: Readonly<Record<string, AccessGrant>>;
  /**
   * Ranges that people and programs reach the API from, besides the nodes: of a VPN, a peered network or
   * a runner. Each private, in CIDR notation.
   * @default - none: the nodes alone
   */
  readonly apiClients?: readonly string[];
  /**
   * Range of the addresses of Services: /12 to /24, private, and apart from the network's and its peers'.
   * @default '172.20.0.0/16'
   */
  readonly serviceCidr?: string;
  /**
   * Nodes that run what the cluster itself needs.
   * @default - m6i.large, 2 to 4
   */
  readonly systemNodes?: SystemNodes;
  /**
   * Versions of add-ons.
   * @default - those that EKS gives the cluster's version
   */
  readonly addonVersions?: Readonly<Partial<Record<AddonName, string>>>;
  /**
   * Instance types that the place's zones offer.
   * @default - the dated table of the UAE; none elsewhere
   */
  readonly offerings?: InstanceOfferings;
  /**
   * vCPUs that the account may run here, by the name or code of AWS's quota; the cluster's pools together
   * may not grow past them.
   * @default - not checked
   */
  readonly quotas?: Quotas;
  /**
   * Days that the control plane's logs are kept: one of those that CloudWatch Logs offers.
   * @default 365
   */
  readonly logRetentionDays?: number;
}

/** Nodes for DNS and other parts of the cluster. */
export interface SystemNodes {
  /** @default ['m6i.large'] */
  readonly instanceTypes?: readonly string[];
  /** @default - 2 to 4 */
  readonly nodes?: NodeCount;
}

export const kind = {
  cloud: 'aws',
  name: 'EksServingCluster',
  does: 'Cluster of EKS, with nodes of its own for what the system runs',
  holds: [
    'Its API answers within its network only',
    "Secrets of Kubernetes are enveloped with the site's own key",
    "Its control plane logs what it does, encrypted with the site's own key",
    'NetworkPolicies of pods are enforced',
  ],
} as const;

const argKinds = {
  ...commonKinds,
  keys: servingKeys,
  network: servingNetwork,
  version: kinds.text,
  access: kinds.mapOf(
    kinds.record({
      principalArn: anyText,
      role: kinds.text,
      namespaces: kinds.optional(kinds.listOf(kinds.text)),
    }),
  ),
  apiClients: kinds.optional(kinds.listOf(kinds.text)),
  serviceCidr: kinds.optional(kinds.text),
  systemNodes: kinds.optional(
    kinds.record({
      instanceTypes: kinds.optional(kinds.listOf(kinds.text)),
      nodes: kinds.optional(nodeCount),
    }),
  ),
  addonVersions: kinds.optional(kinds.mapOf(kinds.text)),
  offerings: kinds.optional(kinds.mapOf(kinds.object)),
  quotas: kinds.optional(kinds.mapOf(kinds.anyNumber)),
  logRetentionDays: kinds.optional(kinds.anyNumber),
};

/** What is worked out from the arguments. */
export interface ClusterPlan {
  readonly serviceCidr: string;
  readonly offerings: InstanceOfferings | undefined;
  readonly ledger: VcpuLedger;
  readonly system: PoolPlan;
  readonly systemNodes: NodeCount;
}

/** @throws DeployError MANARA_ARGS naming the argument, MANARA_PLACE for keys or a network elsewhere */
export function planCluster<P extends Place>(
  name: string,
  args: EksServingClusterArgs<P>,
): ClusterPlan {
  checkArgs(kind, name, args, argKinds);
  checkRetention(kind, name, args.logRetentionDays);
  checkNeighbour(kind, name, 'keys', args, args.keys);
  checkNeighbour(kind, name, 'network', args, args.network);
  if (!/^1\.\d{2}$/.test(args.version)) {
    refuseArg(kind, name, 'version', 'a minor version of Kubernetes such as 1.34', args.version);
  }
  checkAccess(name, args.access);
  for (const client of args.apiClients ?? []) {
    const range = parseRange(client);
    if (range !== undefined && isPrivate(range)) continue;
    refuseArg(kind, name, 'apiClients', 'private ranges such as 10.40.0.0/24', client);
  }
  const unknown = Object.keys(args.addonVersions ?? {}).find(
    (addon) => !(addonNames as readonly string[]).includes(addon),
  );
  if (unknown !== undefined) {
    refuseArg(kind, name, 'addonVersions', `some of ${addonNames.join(', ')}`, unknown);
  }
  const offerings = args.offerings ?? offeringsAt(args.place);
  const systemNodes = args.systemNodes?.nodes ?? { min: 2, max: 4 };
  checkNodeCount(kind, name, 'systemNodes.nodes', systemNodes, 1);
  const ledger = new VcpuLedger(kind, name, args.quotas);
  const system = planPool({
    kind,
    name,
    arg: 'systemNodes.instanceTypes',
    place: args.place,
    instanceTypes: args.systemNodes?.instanceTypes ?? ['m6i.large'],
    availabilityZones: undefined,
    networkZones: args.network.availabilityZones,
    offerings,
    wants: 'cpu',
  });
  const [instanceType = ''] = system.instanceTypes;
  ledger.check(kind, name, [
    { instanceType, spot: false, vcpus: system.vcpus * systemNodes.max },
  ])();
  return { serviceCidr: serviceCidr(name, args), offerings, ledger, system, systemNodes };
}

function checkAccess(name: string, access: Readonly<Record<string, AccessGrant>>): void {
  const roles = Object.keys(accessRoles);
  for (const [who, { role, namespaces }] of Object.entries(access)) {
    if (!/^[a-z0-9-]+$/.test(who)) {
      refuseArg(kind, name, 'access', 'names of lower-case letters, digits and "-"', who);
    }
    if (!roles.includes(role)) {
      refuseArg(kind, name, `access["${who}"].role`, `one of ${roles.join(', ')}`, role);
    }
    if (namespaces?.length === 0) {
      refuseArg(
        kind,
        name,
        `access["${who}"].namespaces`,
        'at least one, or none given for all of the cluster',
        namespaces,
      );
    }
  }
  const isAdministered = Object.values(access).some(
    ({ role, namespaces }) => role === 'cluster-admin' && namespaces === undefined,
  );
  if (isAdministered) return;
  refuseArg(
    kind,
    name,
    'access',
    'someone with the role cluster-admin and no namespaces: who creates a cluster has no rights in it',
    access,
  );
}

function serviceCidr(
  name: string,
  { serviceCidr: given = '172.20.0.0/16', network }: EksServingClusterArgs<Place>,
): string {
  const range = parseRange(given);
  if (
    range === undefined ||
    !isPrivate(range) ||
    range.prefix < 12 ||
    range.prefix > 24 ||
    isTaken(range, network.cidr)
  ) {
    const allowed = `a private range of /12 to /24, apart from ${network.cidr} of the network`;
    refuseArg(kind, name, 'serviceCidr', allowed, given);
  }
  const taken = Object.entries(network.peers).find(([, peer]) => isTaken(range, peer));
  if (taken === undefined) return given;
  const [peer, peerRange] = taken;
  const allowed = `a range apart from ${peerRange} of "${peer}", which pods could not reach`;
  return refuseArg(kind, name, 'serviceCidr', allowed, given);
}

function isTaken(range: Range, by: string): boolean {
  const other = parseRange(by);
  return other !== undefined && overlaps(range, other);
}
