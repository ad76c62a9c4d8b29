import { kinds } from '@manara/constructs';
import { addToSite, type AnySite, type CloudEnd, storageFlow } from '@manara/pulumi';
import type { DataFlow, Place, InstanceOfferings } from '@manara/residency';
import { Cluster } from '@pulumi/aws/eks';
import { Provider } from '@pulumi/kubernetes/provider';
import type { ComponentResourceOptions, Output } from '@pulumi/pulumi';
import { AwsComponent } from './aws-component';
import { addAccess, addApiClients } from './cluster/access';
import { addDns, addNodeAddons } from './cluster/addons';
import {
  type ClusterPlan,
  type EksServingClusterArgs,
  kind,
  planCluster,
} from './cluster/cluster-args';
import { kubeconfigOf } from './cluster/kubeconfig';
import { PodIdentityAccess } from './cluster/pod-identity-access';
import { clusterRole, nodeRole, type ReadyRole } from './cluster/roles';
import { addNodeGroup, type NodesHome } from './nodes/node-group';
import type { VcpuLedger } from './nodes/vcpu-ledger';
import type { ServingKeys } from './serving-keys';
import type { ServingNetwork } from './serving-network';
import { encryptedLogGroup } from './support/log-group';

/**
 * A cluster whose API answers within its network only, whose Secrets are enveloped, and whose control plane
 * logs what it does. Pods get their rights through EKS Pod Identity, and their NetworkPolicies are enforced.
 */
export class EksServingCluster<const P extends Place = Place> extends AwsComponent<P> {
  readonly clusterName: Output<string>;
  readonly arn: Output<string>;
  /** Address of the API, within the network. */
  readonly endpoint: Output<string>;
  /** How to reach the API. It holds no secret: the AWS CLI makes a token when one is needed. */
  readonly kubeconfig: Output<string>;
  /** The cluster, for `deploy()`. */
  readonly provider: Provider;
  /** Ids of the zones of its network. */
  readonly availabilityZones: readonly string[];
  /** Keys and network that it was made with. */
  readonly keys: ServingKeys<P>;
  readonly network: ServingNetwork<P>;
  /** What its pools are made with. */
  readonly pools: PoolHome;

  /**
   * @throws DeployError MANARA_ARGS for an argument that cannot be used, MANARA_PLACE for keys or a
   * network of another place; and those of AwsComponent
   */
  constructor(name: string, args: EksServingClusterArgs<P>, opts?: ComponentResourceOptions) {
    const plan = planCluster(name, args);
    super(kind, name, args, (self) => clusterFlows(self, args), opts);
    const { context } = this;
    const nodes = nodeRole(context);
    const cluster = this.#addCluster(args, plan);
    const addons = { cluster, versions: args.addonVersions ?? {} };
    const home = this.#nodesHome(args, cluster, nodes, addNodeAddons(context, addons));
    const system = addNodeGroup(context, home, {
      id: `${name}-system`,
      plan: plan.system,
      nodes: plan.systemNodes,
      spot: false,
      diskGiB: 50,
      labels: { 'manara.dev/pool': 'system' },
      taints: [],
      efa: false,
    });
    addApiClients(context, cluster, args.apiClients ?? []);
    const dns = addDns(context, addons, system);
    const grants = addAccess(context, cluster, args.access);

    this.clusterName = cluster.name;
    this.arn = cluster.arn;
    this.endpoint = cluster.endpoint;
    this.keys = args.keys;
    this.network = args.network;
    this.availabilityZones = args.network.availabilityZones;
    this.kubeconfig = kubeconfigOf(cluster, this.region);
    this.provider = new Provider(
      name,
      // Otherwise the provider deletes a ConfigMap that changes, and makes it anew.
      { kubeconfig: this.kubeconfig, enableConfigMapMutable: true },
      // What is deployed needs a name that resolves, and the deployer the right to do it.
      { parent: this, dependsOn: [dns, ...grants] },
    );
    this.pools = { ...home, offerings: plan.offerings, ledger: plan.ledger };
    this.registerOutputs();
  }

  /**
   * Opens, in a site's namespace, the way to the agent of EKS Pod Identity. Without it the pods of a
   * `grantRead` get no credentials: a site denies what is not opened.
   *
   * @param site of either package: one of `@manara/pulumi` has it registered at once
   * @throws DeployError MANARA_PLACE for a site of another zone or place
   */
  allowPodIdentity(site: AnySite<P>): void {
    addToSite(kind, this, site, {
      type: 'PodIdentityAccess',
      id: 'pod-identity',
      build: (scope, id) => new PodIdentityAccess(scope, id),
    });
  }

  #addCluster(args: EksServingClusterArgs<P>, { serviceCidr }: ClusterPlan): Cluster {
    const { name, region, tags, child } = this.context;
    const { keys, network } = args;
    const { role, policies } = clusterRole(this.context, keys.secrets);
    const logs = encryptedLogGroup(this.context, 'control-plane', {
      key: keys.logs,
      retentionDays: args.logRetentionDays,
      // The name that EKS writes to. It would make the group itself, and without the key.
      physicalName: `/aws/eks/${name}/cluster`,
    });
    return new Cluster(
      name,
      {
        name,
        version: args.version,
        roleArn: role.arn,
        accessConfig: {
          authenticationMode: 'API',
          bootstrapClusterCreatorAdminPermissions: false,
        },
        bootstrapSelfManagedAddons: false,
        enabledClusterLogTypes: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'],
        encryptionConfig: { resources: ['secrets'], provider: { keyArn: keys.secrets.arn } },
        kubernetesNetworkConfig: { ipFamily: 'ipv4', serviceIpv4Cidr: serviceCidr },
        upgradePolicy: { supportType: 'STANDARD' },
        vpcConfig: {
          endpointPrivateAccess: true,
          endpointPublicAccess: false,
          subnetIds: Object.values(network.workloadSubnetIds),
        },
        region,
        tags,
      },
      { ...child, dependsOn: [logs, ...policies] },
    );
  }

  #nodesHome(
    { keys, network }: EksServingClusterArgs<P>,
    cluster: Cluster,
    { role, policies }: ReadyRole,
    addons: NodesHome['readyForNodes'],
  ): NodesHome {
    return {
      clusterName: cluster.name,
      nodeRoleArn: role.arn,
      securityGroupId: cluster.vpcConfig.clusterSecurityGroupId,
      diskKeyArn: keys.disks.arn,
      subnetIds: network.workloadSubnetIds,
      readyForNodes: [...policies, ...addons],
    };
  }
}

/** What a cluster gives its pools. */
export interface PoolHome extends NodesHome {
  readonly offerings: InstanceOfferings | undefined;
  readonly ledger: VcpuLedger;
}

function clusterFlows(self: CloudEnd, { zone }: EksServingClusterArgs<Place>): readonly DataFlow[] {
  const from = { name: `cluster ${self.name}`, place: self.place };
  const base = { status: 'declared', owner: self.owner, from } as const;
  return [
    storageFlow(self, 'cluster', zone.data),
    storageFlow(self, 'disks of the nodes of', zone.data),
    {
      ...base,
      kind: 'log',
      dataClasses: zone.data,
      to: { name: `control plane logs of ${self.name}`, place: self.place },
      encryption: 'tls',
    },
  ];
}

/** Kind of an argument. */
export const eksServingCluster = kinds.kind(
  'an EksServingCluster',
  (value) => value instanceof EksServingCluster,
);
