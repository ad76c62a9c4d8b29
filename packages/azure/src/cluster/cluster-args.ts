import { kinds } from '@manara/constructs';
import {
  anyText,
  checkArgs,
  checkNeighbour,
  overlaps,
  parseRange,
  refuseArg,
} from '@manara/pulumi';
import type { Place } from '@manara/residency';
import type { Input } from '@pulumi/pulumi';
import { type AzureComponentArgs, commonKinds } from '../azure-component';
import { type ImageRegistry, imageRegistry } from '../image-registry';
import { type ServingKeys, servingKeys } from '../serving-keys';
import { type ServingNetwork, servingNetwork } from '../serving-network';
import { type Quotas, VcpuLedger } from '../pools/vcpu-ledger';
import { offeredSku, offeringsKind, type VmSku } from '../pools/vm-sku';

export interface AksServingClusterArgs<P extends Place> extends AzureComponentArgs<P> {
  /** Network of the same place; nodes and the API server are in it. */
  readonly network: ServingNetwork<NoInfer<P>>;
  /** Keys of the same place: for Secrets in etcd, and for the disks of nodes. */
  readonly keys: ServingKeys<NoInfer<P>>;
  /** Registry of the same place that has `systemImages`: nodes start from it alone. */
  readonly registry: ImageRegistry<NoInfer<P>>;
  /** Object ids of the groups of Entra ID whose members administer the cluster; it has no other door. */
  readonly adminGroupObjectIds: readonly Input<string>[];
  /** Size of the virtual machines that the cluster's own pods run on: `Standard_D4s_v5`. */
  readonly systemVmSize: string;
  /**
   * Virtual machines for the cluster's own pods: 1 to 100.
   * @default 3
   */
  readonly systemNodes?: number;
  /**
   * Sizes that the subscription can have, as `az vm list-skus` prints them, to check `systemVmSize` and
   * `quotas` against.
   * @default - not checked here: Azure refuses what it does not have
   */
  readonly offerings?: readonly VmSku[];
  /**
   * vCPUs that the subscription may run here, by the names that `az vm list-usage --location <region>`
   * prints; the cluster's pools together may not grow past them. They need `offerings`.
   * @default - left to Azure, which refuses the first node above them
   */
  readonly quotas?: Quotas;
  /**
   * Version of Kubernetes, `1.33` or `1.33.5`.
   * @default - AKS's own
   */
  readonly kubernetesVersion?: string;
  /**
   * Range of pods, which no other network sees: /8 to /23, a /24 for each node.
   * @default '10.244.0.0/16'
   */
  readonly podCidr?: string;
  /**
   * Range of services: /12 to /24.
   * @default '10.0.0.0/16'
   */
  readonly serviceCidr?: string;
  /**
   * How `kubelogin` gets a token for `provider`, where Pulumi runs.
   * @default 'azurecli'
   */
  readonly login?: KubeloginMode;
}

export const kubeloginModes = ['azurecli', 'devicecode', 'msi', 'spn', 'workloadidentity'] as const;

/** A login mode of `kubelogin`. */
export type KubeloginMode = (typeof kubeloginModes)[number];

export const kind = {
  cloud: 'azure',
  name: 'AksServingCluster',
  does: 'Private cluster of AKS',
  holds: [
    'Its API answers within its network only',
    'People and pipelines enter through Entra ID alone',
  ],
} as const;

const argKinds = {
  ...commonKinds,
  network: servingNetwork,
  keys: servingKeys,
  registry: imageRegistry,
  adminGroupObjectIds: kinds.listOf(anyText),
  systemVmSize: kinds.text,
  systemNodes: kinds.optional(kinds.anyNumber),
  offerings: kinds.optional(offeringsKind),
  quotas: kinds.optional(kinds.mapOf(kinds.anyNumber)),
  kubernetesVersion: kinds.optional(kinds.text),
  podCidr: kinds.optional(kinds.text),
  serviceCidr: kinds.optional(kinds.text),
  login: kinds.optional(kinds.text),
};

/** What is worked out from the arguments. */
export interface ClusterPlan {
  readonly systemNodes: number;
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly login: KubeloginMode;
  readonly vcpus: VcpuLedger;
}

/** @throws DeployError MANARA_ARGS naming the argument, MANARA_PLACE for a neighbour of another place */
export function planCluster(name: string, args: AksServingClusterArgs<Place>): ClusterPlan {
  checkArgs(kind, name, args, argKinds);
  if (args.adminGroupObjectIds.length === 0) {
    refuseArg(
      kind,
      name,
      'adminGroupObjectIds',
      'at least one group: local accounts are off, and nobody else could enter',
      args.adminGroupObjectIds,
    );
  }
  if (!/^Standard_\w+$/.test(args.systemVmSize)) {
    refuseArg(kind, name, 'systemVmSize', 'a size such as Standard_D4s_v5', args.systemVmSize);
  }
  if (args.kubernetesVersion !== undefined && !/^1\.\d+(\.\d+)?$/.test(args.kubernetesVersion)) {
    refuseArg(kind, name, 'kubernetesVersion', 'a version such as 1.33', args.kubernetesVersion);
  }
  for (const arg of ['network', 'keys', 'registry'] as const) {
    checkNeighbour(kind, name, arg, args, args[arg]);
  }
  if (!args.registry.hasSystemImages) {
    refuseArg(
      kind,
      name,
      'registry',
      "a registry with systemImages: none('why'), or nodes would need the internet to start",
      args.registry,
    );
  }
  const nodes = systemNodes(name, args.systemNodes);
  return {
    systemNodes: nodes,
    ...ranges(name, args),
    login: loginMode(name, args.login),
    vcpus: ledger(name, args, nodes),
  };
}

/** The cluster's quotas, with what its own nodes take of them. */
function ledger(
  name: string,
  { place, systemVmSize, offerings, quotas }: AksServingClusterArgs<Place>,
  nodes: number,
): VcpuLedger {
  const vcpus = new VcpuLedger(kind, name, quotas, offerings);
  const question = { kind, name, arg: 'systemVmSize', place, vmSize: systemVmSize };
  const sku = offeredSku(question, offerings);
  vcpus.check(kind, name, 'systemNodes', { sku, nodes, spotNodes: 0 })();
  return vcpus;
}

function systemNodes(name: string, nodes = 3): number {
  if (Number.isSafeInteger(nodes) && nodes >= 1 && nodes <= 100) return nodes;
  return refuseArg(kind, name, 'systemNodes', 'a whole number from 1 to 100', nodes);
}

function loginMode(name: string, mode: KubeloginMode = 'azurecli'): KubeloginMode {
  if (kubeloginModes.includes(mode)) return mode;
  return refuseArg(kind, name, 'login', `one of ${kubeloginModes.join(', ')}`, mode);
}

/** Ranges of pods and services, apart from each other and from every network that pods reach. */
function ranges(
  name: string,
  {
    network,
    podCidr = '10.244.0.0/16',
    serviceCidr = '10.0.0.0/16',
  }: Pick<AksServingClusterArgs<Place>, 'network' | 'podCidr' | 'serviceCidr'>,
): Pick<ClusterPlan, 'podCidr' | 'serviceCidr'> {
  const others: Readonly<Record<string, string>> = {
    [`network ${network.name}`]: network.cidr,
    ...network.peers,
  };
  checkRange(name, 'podCidr', podCidr, { widest: 8, narrowest: 23 }, others);
  checkRange(
    name,
    'serviceCidr',
    serviceCidr,
    { widest: 12, narrowest: 24 },
    { ...others, pods: podCidr },
  );
  return { podCidr, serviceCidr };
}

function checkRange(
  name: string,
  arg: string,
  cidr: string,
  { widest, narrowest }: { readonly widest: number; readonly narrowest: number },
  others: Readonly<Record<string, string>>,
): void {
  const range = parseRange(cidr);
  if (range === undefined || range.prefix < widest || range.prefix > narrowest) {
    refuseArg(
      kind,
      name,
      arg,
      `a range of /${widest} to /${narrowest}, by its first address`,
      cidr,
    );
  }
  const taken = Object.entries(others).find(([, other]) => {
    const parsed = parseRange(other);
    return parsed !== undefined && overlaps(parsed, range);
  });
  if (taken === undefined) return;
  refuseArg(kind, name, arg, `a range apart from ${taken[1]} of "${taken[0]}"`, cidr);
}
