import assert from 'node:assert/strict';
import { auditTree } from '@manara/constructs';
import { Provisioner } from '@manara/pulumi';
import { settled } from '@manara/pulumi-testing';
import { all } from '@pulumi/pulumi';
import { endpointServices, KarpenterPrerequisites, karpenterServices } from '../src';
import {
  account,
  home,
  inputsOf,
  lazily,
  namesOf,
  record,
  tags,
  type UaePlace,
} from './support/fixtures';
import { refuses } from './support/refusals';
import { base, type Base, cluster, network } from './support/stack';

const region = 'me-central-1';
const ours = tags('KarpenterPrerequisites/karpenter');

/** @param args of any shape, so that tests can pass what the compiler would refuse */
function karpenter(
  on: Base,
  args: object = {},
  services: readonly string[] = ['sqs', 'ssm'],
): KarpenterPrerequisites<UaePlace> {
  return new KarpenterPrerequisites('karpenter', {
    cluster: cluster(on, { network: network(on, { services }) }),
    ...args,
  });
}

const usual = lazily(() => record(() => karpenter(base())));

async function inputs(type: string, name: string) {
  return inputsOf((await usual()).registered, type, name);
}

const ec2 = (resource: string) => `arn:aws:ec2:${region}:${account}:${resource}`;
const created = [
  ec2('fleet/*'),
  ec2('instance/*'),
  ec2('launch-template/*'),
  ec2('network-interface/*'),
  ec2('spot-instances-request/*'),
  ec2('volume/*'),
];

describe('KarpenterPrerequisites', () => {
  it('has two roles, an instance profile, an entry to the cluster, and a queue with its rules', async () => {
    const { registered } = await usual();
    assert.deepEqual(
      namesOf(registered.filter(({ parent }) => parent === 'karpenter')).toSorted(),
      [
        'AccessEntry karpenter-node',
        'EventRule karpenter-capacity-reservation',
        'EventRule karpenter-health',
        'EventRule karpenter-rebalance',
        'EventRule karpenter-spot-interruption',
        'EventRule karpenter-state-change',
        'EventTarget karpenter-capacity-reservation',
        'EventTarget karpenter-health',
        'EventTarget karpenter-rebalance',
        'EventTarget karpenter-spot-interruption',
        'EventTarget karpenter-state-change',
        'InstanceProfile karpenter-node',
        'PodIdentityAssociation karpenter-controller',
        'Queue karpenter-notices',
        'QueuePolicy karpenter-notices',
        'Role karpenter-controller',
        'Role karpenter-node',
        'RolePolicy karpenter-controller',
        'RolePolicyAttachment karpenter-node-AmazonEC2ContainerRegistryPullOnly',
        'RolePolicyAttachment karpenter-node-AmazonEKSWorkerNodePolicy',
      ],
    );
  });

  it('lets its nodes into the cluster, by a role that EC2 alone takes on', async () => {
    assert.deepEqual(await inputs('aws:eks/accessEntry:AccessEntry', 'karpenter-node'), {
      clusterName: 'dubai',
      principalArn: 'arn:karpenter-node',
      type: 'EC2_LINUX',
      region,
      tags: ours,
    });
    assert.deepEqual(await inputs('aws:iam/instanceProfile:InstanceProfile', 'karpenter-node'), {
      role: 'karpenter-node-role',
      tags: ours,
    });
    const { assumeRolePolicy } = await inputs('aws:iam/role:Role', 'karpenter-node');
    assert.deepEqual(assumeRolePolicy, {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'ec2.amazonaws.com' },
          Action: 'sts:AssumeRole',
        },
      ],
    });
  });

  it('lets its controller launch from what the cluster has, and tag what it launches', async () => {
    const { policy } = await inputs('aws:iam/rolePolicy:RolePolicy', 'karpenter-controller');
    const { Statement } = policy as { readonly Statement: readonly object[] };
    const owned = {
      'aws:RequestTag/kubernetes.io/cluster/dubai': 'owned',
      'aws:RequestTag/eks:eks-cluster-name': 'dubai',
    };
    const pooled = { 'aws:RequestTag/karpenter.sh/nodepool': '*' };
    const ownedThere = { 'aws:ResourceTag/kubernetes.io/cluster/dubai': 'owned' };
    const pooledThere = { 'aws:ResourceTag/karpenter.sh/nodepool': '*' };
    assert.deepEqual(Statement.slice(0, 7), [
      {
        Sid: 'LaunchFromWhatIsThere',
        Effect: 'Allow',
        Action: ['ec2:CreateFleet', 'ec2:RunInstances'],
        Resource: [
          `arn:aws:ec2:${region}::image/*`,
          `arn:aws:ec2:${region}::snapshot/*`,
          ec2('capacity-reservation/*'),
          ec2('placement-group/*'),
          ec2('security-group/sg-cluster'),
          ec2('subnet/net-workload-mec1-az1-id'),
          ec2('subnet/net-workload-mec1-az2-id'),
          ec2('subnet/net-workload-mec1-az3-id'),
        ],
      },
      {
        Sid: 'LaunchFromOwnTemplates',
        Effect: 'Allow',
        Action: ['ec2:CreateFleet', 'ec2:RunInstances'],
        Resource: ec2('launch-template/*'),
        Condition: { StringEquals: ownedThere, StringLike: pooledThere },
      },
      {
        Sid: 'CreateTagged',
        Effect: 'Allow',
        Action: ['ec2:CreateFleet', 'ec2:CreateLaunchTemplate', 'ec2:RunInstances'],
        Resource: created,
        Condition: { StringEquals: owned, StringLike: pooled },
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
          StringLike: pooled,
        },
      },
      {
        Sid: 'TagNodes',
        Effect: 'Allow',
        Action: 'ec2:CreateTags',
        Resource: ec2('instance/*'),
        Condition: {
          StringEquals: ownedThere,
          StringLike: pooledThere,
          StringEqualsIfExists: { 'aws:RequestTag/eks:eks-cluster-name': 'dubai' },
          'ForAllValues:StringEquals': {
            'aws:TagKeys': ['Name', 'eks:eks-cluster-name', 'karpenter.sh/nodeclaim'],
          },
        },
      },
      {
        Sid: 'PassTheNodesRole',
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: 'arn:karpenter-node',
        Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
      },
      {
        Sid: 'EndOwn',
        Effect: 'Allow',
        Action: ['ec2:DeleteLaunchTemplate', 'ec2:TerminateInstances'],
        Resource: [ec2('instance/*'), ec2('launch-template/*')],
        Condition: { StringEquals: ownedThere, StringLike: pooledThere },
      },
    ]);
  });

  it('lets its controller read one region, one cluster and one queue', async () => {
    const { policy } = await inputs('aws:iam/rolePolicy:RolePolicy', 'karpenter-controller');
    const { Statement } = policy as { readonly Statement: readonly object[] };
    assert.deepEqual(Statement.slice(7), [
      {
        Sid: 'DescribeTheRegion',
        Effect: 'Allow',
        Action: [
          'ec2:DescribeCapacityReservations',
          'ec2:DescribeImages',
          'ec2:DescribeInstanceStatus',
          'ec2:DescribeInstanceTypeOfferings',
          'ec2:DescribeInstanceTypes',
          'ec2:DescribeInstances',
          'ec2:DescribeLaunchTemplates',
          'ec2:DescribePlacementGroups',
          'ec2:DescribeSecurityGroups',
          'ec2:DescribeSpotPriceHistory',
          'ec2:DescribeSubnets',
        ],
        Resource: '*',
        Condition: { StringEquals: { 'aws:RequestedRegion': region } },
      },
      {
        Sid: 'DescribeTheCluster',
        Effect: 'Allow',
        Action: 'eks:DescribeCluster',
        Resource: 'arn:dubai',
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
        Resource: 'arn:karpenter-notices',
      },
      {
        Sid: 'DecryptThem',
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: 'arn:keys-logs',
        Condition: { StringEquals: { 'kms:ViaService': `sqs.${region}.amazonaws.com` } },
      },
    ]);
    const { registered } = await usual();
    assert.deepEqual(
      inputsOf(
        registered,
        'aws:eks/podIdentityAssociation:PodIdentityAssociation',
        'karpenter-controller',
      ),
      {
        clusterName: 'dubai',
        namespace: 'kube-system',
        serviceAccount: 'karpenter',
        roleArn: 'arn:karpenter-controller',
        region,
        tags: ours,
      },
    );
  });

  it('queues the notices of its own rules, encrypted and over TLS', async () => {
    assert.deepEqual(await inputs('aws:sqs/queue:Queue', 'karpenter-notices'), {
      messageRetentionSeconds: 300,
      kmsMasterKeyId: 'arn:keys-logs',
      region,
      tags: ours,
    });
    const notices = [
      'health',
      'spot-interruption',
      'rebalance',
      'state-change',
      'capacity-reservation',
    ];
    assert.deepEqual(await inputs('aws:sqs/queuePolicy:QueuePolicy', 'karpenter-notices'), {
      queueUrl: 'https://sqs/karpenter-notices',
      policy: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'FromTheRules',
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: 'arn:karpenter-notices',
            Condition: {
              ArnEquals: { 'aws:SourceArn': notices.map((notice) => `arn:karpenter-${notice}`) },
            },
          },
          {
            Sid: 'OverTls',
            Effect: 'Deny',
            Principal: '*',
            Action: 'sqs:*',
            Resource: 'arn:karpenter-notices',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
      region,
    });
    assert.deepEqual(await inputs('aws:cloudwatch/eventRule:EventRule', 'karpenter-health'), {
      eventPattern: { source: ['aws.health'], 'detail-type': ['AWS Health Event'] },
      region,
      tags: ours,
    });
    for (const notice of notices) {
      const target = await inputs('aws:cloudwatch/eventTarget:EventTarget', `karpenter-${notice}`);
      assert.deepEqual(
        target,
        { rule: `karpenter-${notice}-rule`, arn: 'arn:karpenter-notices', region },
        notice,
      );
    }
  });

  it('says what its chart and its node class take', async () => {
    const { result } = await usual();
    const { helmValues, nodeClassSpec } = result;
    assert.deepEqual(await settled(all([helmValues])), [
      {
        serviceAccount: { name: 'karpenter' },
        settings: {
          clusterName: 'dubai',
          clusterEndpoint: 'https://api.dubai',
          interruptionQueue: 'karpenter-notices-queue',
          isolatedVPC: true,
        },
      },
    ]);
    const disk = (deviceName: string, volumeSize: string) => ({
      deviceName,
      ebs: {
        volumeType: 'gp3',
        volumeSize,
        encrypted: true,
        kmsKeyID: 'arn:keys-disks',
        deleteOnTermination: true,
      },
    });
    assert.deepEqual(await settled(all([nodeClassSpec])), [
      {
        instanceProfile: 'karpenter-node-profile',
        subnetSelectorTerms: [
          { id: 'net-workload-mec1-az1-id' },
          { id: 'net-workload-mec1-az2-id' },
          { id: 'net-workload-mec1-az3-id' },
        ],
        securityGroupSelectorTerms: [{ id: 'sg-cluster' }],
        associatePublicIPAddress: false,
        metadataOptions: {
          httpEndpoint: 'enabled',
          httpTokens: 'required',
          httpPutResponseHopLimit: 1,
        },
        blockDeviceMappings: [disk('/dev/xvda', '4Gi'), disk('/dev/xvdb', '100Gi')],
        tags: ours,
      },
    ]);
  });

  it('says what node pools of the site take', async () => {
    const { result } = await usual();
    assert.deepEqual(await settled(all([result.nodes])), [
      {
        instanceProfile: 'karpenter-node-profile',
        subnetIds: ['1', '2', '3'].map((n) => `net-workload-mec1-az${n}-id`),
        securityGroupIds: ['sg-cluster'],
        diskKeyArn: 'arn:keys-disks',
        tags: ours,
      },
    ]);
    const provisioner = Provisioner.karpenterAws({ ...result.nodes, bottlerocket: 'v1.55.0' });
    assert.equal(provisioner.mode.kind, 'karpenter-aws');
  });

  it('is a node of the tree where the cluster is', async () => {
    const { result } = await usual();
    assert.deepEqual(
      auditTree(result.zone)
        .flatMap(({ flows }) => flows)
        .filter(({ owner }) => owner === 'bank/aws:KarpenterPrerequisites:karpenter')
        .map((flow) => flow.status === 'declared' && [flow.kind, flow.to.name, flow.to.place]),
      [
        ['storage', 'disks of the nodes of karpenter', home],
        ['storage', 'notices of interruption of karpenter', home],
      ],
    );
  });

  it('needs services that a network knows', () => {
    for (const service of karpenterServices) assert(service in endpointServices, service);
  });

  const at = 'manara:aws:KarpenterPrerequisites "karpenter":';
  refuses('karpenter', [
    [
      'a network without the endpoints that it needs',
      (on) => karpenter(on, {}, ['sqs']),
      `${at} cluster: expected one in a network that Karpenter can work in; add services: ["ssm"] to ServingNetwork "net"; received ["ecr.api","ecr.dkr","ec2","eks","eks-auth","logs","s3","sts","kms","sqs"] (MANARA_ARGS)`,
    ],
    [
      'a disk without room for images',
      (on) => karpenter(on, { diskGiB: 4 }),
      `${at} diskGiB: expected whole GiB from 20 to 16384; received 4 (MANARA_ARGS)`,
    ],
    [
      'a service account that is none',
      (on) => karpenter(on, { serviceAccount: '*' }),
      `${at} serviceAccount: expected a name of at most 63 lower-case letters, digits and "-"; a role is for one service account; received "*" (MANARA_ARGS)`,
    ],
  ]);
});
