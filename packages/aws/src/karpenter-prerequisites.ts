import { ec2NodeClassSpec, kinds } from '@manara/constructs';
import { checkArgs, type CloudEnd, refuseArg, storageFlow } from '@manara/pulumi';
import type { DataFlow, Place } from '@manara/residency';
import { AccessEntry } from '@pulumi/aws/eks';
import { InstanceProfile } from '@pulumi/aws/iam';
import type { ComponentResourceOptions, Output } from '@pulumi/pulumi';
import { AwsComponent } from './aws-component';
import { nodeRole } from './cluster/roles';
import { type EksServingCluster, eksServingCluster } from './eks-serving-cluster';
import { karpenterServices } from './facts/karpenter';
import { controllerStatements } from './karpenter/controller-policy';
import { addNotices } from './karpenter/notices';
import type {
  KarpenterHelmValues,
  KarpenterNodeClassSpec,
  KarpenterNodes,
} from './karpenter/settings';
import { checkDisk } from './nodes/node-pool';
import { accountOf } from './support/account';
import { checkServiceAccount, grantToPods } from './support/pod-identity';

export interface KarpenterPrerequisitesArgs<P extends Place> {
  /** Cluster that Karpenter runs in and makes nodes for. */
  readonly cluster: EksServingCluster<P>;
  /**
   * Namespace that Karpenter runs in.
   * @default 'kube-system'
   */
  readonly namespace?: string;
  /**
   * Service account that it runs as.
   * @default 'karpenter'
   */
  readonly serviceAccount?: string;
  /**
   * Disk of a node for images, logs and what pods write, in GiB: 20 to 16384.
   * @default 100
   */
  readonly diskGiB?: number;
  /**
   * Tags on every resource that takes them, besides Manara's own; on the nodes too.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>>;
}

const kind = {
  cloud: 'aws',
  name: 'KarpenterPrerequisites',
  does: 'Roles and the queue that Karpenter needs',
} as const;

const argKinds = {
  cluster: eksServingCluster,
  namespace: kinds.optional(kinds.text),
  serviceAccount: kinds.optional(kinds.text),
  diskGiB: kinds.optional(kinds.anyNumber),
  tags: kinds.optional(kinds.mapOf(kinds.text)),
};

/**
 * What Karpenter needs of AWS: a role for its controller, a role for its nodes that the cluster lets in,
 * and an encrypted queue of EC2's notices. Karpenter itself is installed by its own Helm chart, with
 * `helmValues` and an `EC2NodeClass` that has `nodeClassSpec`.
 */
export class KarpenterPrerequisites<const P extends Place = Place> extends AwsComponent<P> {
  readonly controllerRoleArn: Output<string>;
  readonly nodeRoleArn: Output<string>;
  readonly queueName: Output<string>;
  readonly helmValues: KarpenterHelmValues;
  readonly nodeClassSpec: KarpenterNodeClassSpec;
  /** For `Provisioner.karpenterAws`, which besides takes the version of Bottlerocket. */
  readonly nodes: KarpenterNodes;

  /**
   * @throws DeployError MANARA_ARGS for an argument that cannot be used, and for a cluster whose network
   * lacks an endpoint that Karpenter needs; and those of AwsComponent
   */
  constructor(name: string, args: KarpenterPrerequisitesArgs<P>, opts?: ComponentResourceOptions) {
    checkArgs(kind, name, args, argKinds);
    const {
      cluster,
      namespace = 'kube-system',
      serviceAccount = 'karpenter',
      diskGiB = 100,
    } = args;
    checkServiceAccount(kind, name, { namespace, serviceAccount });
    checkServices(name, cluster);
    checkDisk(kind, name, diskGiB);
    const { zone, place, keys, pools } = cluster;
    super(
      kind,
      name,
      { zone, place, ...(args.tags === undefined ? {} : { tags: args.tags }) },
      (self) => karpenterFlows(self, args),
      opts,
    );
    const { region, tags, child } = this.context;
    const subnetIds = Object.values(pools.subnetIds);
    const role = nodeRole(this.context);
    new AccessEntry(
      `${name}-node`,
      {
        clusterName: cluster.clusterName,
        principalArn: role.role.arn,
        type: 'EC2_LINUX',
        region,
        tags,
      },
      child,
    );
    const profile = new InstanceProfile(
      `${name}-node`,
      { role: role.role.name, tags },
      { ...child, dependsOn: [...role.policies] },
    );
    const queue = addNotices(this.context, keys.logs);
    this.controllerRoleArn = grantToPods(
      this.context,
      `${name}-controller`,
      {
        namespace,
        serviceAccount,
        cluster,
        description: `Karpenter of ${cluster.name}`,
        namePrefix: `${name}-`,
      },
      controllerStatements({
        region,
        account: accountOf(this),
        cluster,
        subnetIds,
        securityGroupId: pools.securityGroupId,
        nodeRoleArn: role.role.arn,
        queueArn: queue.arn,
        queueKeyArn: keys.logs.arn,
      }),
    );
    this.nodeRoleArn = role.role.arn;
    this.queueName = queue.name;
    this.helmValues = {
      serviceAccount: { name: serviceAccount },
      settings: {
        clusterName: cluster.clusterName,
        clusterEndpoint: cluster.endpoint,
        interruptionQueue: queue.name,
        isolatedVPC: true,
      },
    };
    this.nodes = {
      instanceProfile: profile.name,
      subnetIds,
      securityGroupIds: [pools.securityGroupId],
      diskKeyArn: pools.diskKeyArn,
      tags,
    };
    this.nodeClassSpec = ec2NodeClassSpec({ ...this.nodes, diskGiB });
    this.registerOutputs();
  }
}

function checkServices(name: string, { network }: EksServingCluster): void {
  const lacking = karpenterServices.filter((service) => !network.services.includes(service));
  if (lacking.length === 0) return;
  refuseArg(
    kind,
    name,
    'cluster',
    `one in a network that Karpenter can work in; add services: ${JSON.stringify(lacking)} to ServingNetwork "${network.name}"`,
    network.services,
  );
}

function karpenterFlows(
  self: CloudEnd,
  { cluster }: KarpenterPrerequisitesArgs<Place>,
): readonly DataFlow[] {
  return [
    storageFlow(self, 'disks of the nodes of', cluster.zone.data),
    // What happens to machines: no data of the zone.
    storageFlow(self, 'notices of interruption of', []),
  ];
}
