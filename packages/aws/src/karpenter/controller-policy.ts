import { type Input, interpolate, type Output } from '@pulumi/pulumi';
import type { Statement } from '../support/policy';

/** What Karpenter acts on, and nothing beside it. */
export interface ControllerScope {
  readonly region: string;
  readonly account: Output<string>;
  /** Name and ARN of the cluster. */
  readonly cluster: { readonly name: string; readonly arn: Output<string> };
  readonly subnetIds: readonly Output<string>[];
  readonly securityGroupId: Output<string>;
  readonly nodeRoleArn: Output<string>;
  readonly queueArn: Output<string>;
  /** ARN of the key that the queue is encrypted with. */
  readonly queueKeyArn: Output<string>;
}

/**
 * What Karpenter's controller may do. It is Karpenter's own policy (facts/karpenter.ts), narrowed to one
 * account, one cluster's subnets and one security group, and without what no isolated network can reach:
 * IAM's instance profiles and the price list.
 */
export function controllerStatements(scope: ControllerScope): readonly Statement[] {
  return [...launching(scope), ...ending(scope), ...reading(scope)];
}

/** Nodes bear these tags, and Karpenter ends only what bears them. */
function tagged(cluster: string, on: 'RequestTag' | 'ResourceTag') {
  return {
    owned: { [`aws:${on}/kubernetes.io/cluster/${cluster}`]: 'owned' },
    pooled: { [`aws:${on}/karpenter.sh/nodepool`]: '*' },
  };
}

function launching(scope: ControllerScope): readonly Statement[] {
  const { region, account, cluster, subnetIds, securityGroupId } = scope;
  const ec2 = (resource: Input<string>): Output<string> =>
    interpolate`arn:aws:ec2:${region}:${account}:${resource}`;
  const created = [
    'fleet/*',
    'instance/*',
    'launch-template/*',
    'network-interface/*',
    'spot-instances-request/*',
    'volume/*',
  ].map(ec2);
  const template = tagged(cluster.name, 'ResourceTag');
  const request = tagged(cluster.name, 'RequestTag');
  const owned = { ...request.owned, 'aws:RequestTag/eks:eks-cluster-name': cluster.name };
  return [
    {
      Sid: 'LaunchFromWhatIsThere',
      Effect: 'Allow',
      Action: ['ec2:CreateFleet', 'ec2:RunInstances'],
      Resource: [
        `arn:aws:ec2:${region}::image/*`,
        `arn:aws:ec2:${region}::snapshot/*`,
        ec2('capacity-reservation/*'),
        ec2('placement-group/*'),
        ec2(interpolate`security-group/${securityGroupId}`),
        ...subnetIds.map((id) => ec2(interpolate`subnet/${id}`)),
      ],
    },
    {
      Sid: 'LaunchFromOwnTemplates',
      Effect: 'Allow',
      Action: ['ec2:CreateFleet', 'ec2:RunInstances'],
      Resource: ec2('launch-template/*'),
      Condition: { StringEquals: template.owned, StringLike: template.pooled },
    },
    {
      Sid: 'CreateTagged',
      Effect: 'Allow',
      Action: ['ec2:CreateFleet', 'ec2:CreateLaunchTemplate', 'ec2:RunInstances'],
      Resource: created,
      Condition: { StringEquals: owned, StringLike: request.pooled },
    },
    {
      Sid: 'TagWhatIsCreated',
      Effect: 'Allow',
      Action: 'ec2:CreateTags',
      Resource: created,
      Condition: {
        StringEquals: {
          ...owned,
          'ec2:CreateAction': ['CreateFleet', 'CreateLaunchTemplate', 'RunInstances'],
        },
        StringLike: request.pooled,
      },
    },
    {
      Sid: 'TagNodes',
      Effect: 'Allow',
      Action: 'ec2:CreateTags',
      Resource: ec2('instance/*'),
      Condition: {
        StringEquals: template.owned,
        StringLike: template.pooled,
        StringEqualsIfExists: { 'aws:RequestTag/eks:eks-cluster-name': cluster.name },
        'ForAllValues:StringEquals': {
          'aws:TagKeys': ['Name', 'eks:eks-cluster-name', 'karpenter.sh/nodeclaim'],
        },
      },
    },
    {
      Sid: 'PassTheNodesRole',
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: scope.nodeRoleArn,
      Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
    },
  ];
}

function ending({ region, account, cluster }: ControllerScope): readonly Statement[] {
  const { owned, pooled } = tagged(cluster.name, 'ResourceTag');
  return [
    {
      Sid: 'EndOwn',
      Effect: 'Allow',
      Action: ['ec2:DeleteLaunchTemplate', 'ec2:TerminateInstances'],
      Resource: ['instance/*', 'launch-template/*'].map(
        (resource) => interpolate`arn:aws:ec2:${region}:${account}:${resource}`,
      ),
      Condition: { StringEquals: owned, StringLike: pooled },
    },
  ];
}

function reading(scope: ControllerScope): readonly Statement[] {
  const { region, cluster, queueArn, queueKeyArn } = scope;
  return [
    {
      Sid: 'DescribeTheRegion',
      Effect: 'Allow',
      Action: [
        'CapacityReservations',
        'Images',
        'InstanceStatus',
        'InstanceTypeOfferings',
        'InstanceTypes',
        'Instances',
        'LaunchTemplates',
        'PlacementGroups',
        'SecurityGroups',
        'SpotPriceHistory',
        'Subnets',
      ].map((what) => `ec2:Describe${what}`),
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestedRegion': region } },
    },
    {
      Sid: 'DescribeTheCluster',
      Effect: 'Allow',
      Action: 'eks:DescribeCluster',
      Resource: cluster.arn,
    },
    {
      Sid: 'FindImages',
      Effect: 'Allow',
      Action: 'ssm:GetParameter',
      Resource: `arn:aws:ssm:${region}::parameter/aws/service/*`,
    },
    {
      Sid: 'ReadNotices',
      Effect: 'Allow',
      Action: ['sqs:DeleteMessage', 'sqs:GetQueueUrl', 'sqs:ReceiveMessage'],
      Resource: queueArn,
    },
    {
      Sid: 'DecryptThem',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: queueKeyArn,
      Condition: { StringEquals: { 'kms:ViaService': `sqs.${region}.amazonaws.com` } },
    },
  ];
}
