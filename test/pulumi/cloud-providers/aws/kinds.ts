import type { Kind, Made } from '../cloud';
import { guid } from '../cloud';
import { account, arnOf, input, named, numbered, part, single } from './kind';
import { networkKinds } from './network-kinds';

/**
 * How AWS identifies what the suites make. Source: the section "Import" of each resource in
 * `@pulumi/aws` 7.48, and AWS's Service Authorization Reference for the ARNs, November 2026.
 */
export const kinds: Readonly<Record<string, Kind>> = {
  ...networkKinds,

  'aws:iam/role:Role': named('iam', 'name', (made, id) => `role${path(made)}${id}`, {
    fixed: ['path'],
    outputs: ({ digits }) => ({ uniqueId: `AROA${digits.slice(0, 17).toUpperCase()}` }),
  }),
  'aws:iam/policy:Policy': {
    named: 'name',
    id: (made) => arnOf('iam', made, `policy${path(made)}${input(made, 'name')}`),
    outputs: (_, id) => ({ arn: id }),
  },
  'aws:iam/rolePolicy:RolePolicy': {
    named: 'name',
    fixed: ['role'],
    id: (made) => `${input(made, 'role')}:${input(made, 'name')}`,
    outputs: () => ({}),
  },
  'aws:iam/rolePolicyAttachment:RolePolicyAttachment': part('/', ['role', 'policyArn']),
  'aws:iam/instanceProfile:InstanceProfile': named(
    'iam',
    'name',
    (made, id) => `instance-profile${path(made)}${id}`,
  ),
  'aws:iam/openIdConnectProvider:OpenIdConnectProvider': {
    fixed: ['url'],
    id: (made) => {
      const issuer = input(made, 'url')
        .replace(/^https:\/\//, '')
        .replace(/\/$/, '');
      return arnOf('iam', made, `oidc-provider/${issuer}`);
    },
    outputs: (_, id) => ({ arn: id }),
  },

  'aws:kms/key:Key': {
    id: ({ digits }) => guid(digits),
    outputs: (made, id) => ({ arn: arnOf('kms', made, `key/${id}`), keyId: id }),
    fixed: ['multiRegion', 'keyUsage', 'customerMasterKeySpec'],
  },
  'aws:kms/alias:Alias': named('kms', 'name', (_, id) => id),

  'aws:s3/bucket:Bucket': {
    named: 'bucket',
    fixed: ['objectLockEnabled'],
    id: (made) => input(made, 'bucket'),
    outputs: ({ region }, id) => ({
      arn: `arn:aws:s3:::${id}`,
      bucketDomainName: `${id}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${id}.s3.${region}.amazonaws.com`,
    }),
  },
  ...Object.fromEntries(
    [
      'LifecycleConfiguration',
      'ObjectLockConfiguration',
      'OwnershipControls',
      'Policy',
      'PublicAccessBlock',
      'ReplicationConfig',
      'ServerSideEncryptionConfiguration',
      'Versioning',
    ].map((setting) => [`aws:s3/bucket${setting}:Bucket${setting}`, part('', ['bucket'])]),
  ),

  'aws:ecr/repository:Repository': named('ecr', 'name', (_, id) => `repository/${id}`, {
    fixed: ['encryptionConfigurations'],
    outputs: ({ region }, id) => ({
      registryId: account,
      repositoryUrl: `${account}.dkr.ecr.${region}.amazonaws.com/${id}`,
    }),
  }),
  'aws:ecr/lifecyclePolicy:LifecyclePolicy': part('', ['repository'], registryId),
  'aws:ecr/registryPolicy:RegistryPolicy': single(registryId),
  'aws:ecr/replicationConfiguration:ReplicationConfiguration': single(registryId),

  'aws:eks/cluster:Cluster': named('eks', 'name', (_, id) => `cluster/${id}`, {
    fixed: ['roleArn', 'encryptionConfig'],
    outputs: clusterOutputs,
  }),
  'aws:eks/nodeGroup:NodeGroup': {
    named: 'nodeGroupName',
    fixed: ['clusterName', 'subnetIds', 'instanceTypes', 'capacityType', 'amiType', 'nodeRoleArn'],
    id: (made) => `${input(made, 'clusterName')}:${input(made, 'nodeGroupName')}`,
    outputs: (made, id) => ({
      arn: arnOf('eks', made, `nodegroup/${id.replace(':', '/')}/${guid(made.digits)}`),
      status: 'ACTIVE',
    }),
  },
  'aws:eks/addon:Addon': part(':', ['clusterName', 'addonName'], (made, id) => ({
    arn: arnOf('eks', made, `addon/${id.replace(':', '/')}/${guid(made.digits)}`),
  })),
  'aws:eks/accessEntry:AccessEntry': part(':', ['clusterName', 'principalArn'], (made, id) => ({
    accessEntryArn: arnOf('eks', made, `access-entry/${id}/${guid(made.digits)}`),
  })),
  'aws:eks/accessPolicyAssociation:AccessPolicyAssociation': part('#', [
    'clusterName',
    'principalArn',
    'policyArn',
  ]),
  'aws:eks/podIdentityAssociation:PodIdentityAssociation': {
    fixed: ['clusterName', 'namespace', 'serviceAccount'],
    id: ({ digits }) => `a-${digits.slice(0, 17)}`,
    outputs: (made, id) => ({
      associationId: id,
      associationArn: arnOf(
        'eks',
        made,
        `podidentityassociation/${input(made, 'clusterName')}/${id}`,
      ),
    }),
  },

  'aws:ecs/taskDefinition:TaskDefinition': named(
    'ecs',
    'family',
    ({ revision }, id) => `task-definition/${id}:${revision}`,
  ),

  'aws:cloudwatch/logGroup:LogGroup': named('logs', 'name', (_, id) => `log-group:${id}`),
  'aws:cloudwatch/eventRule:EventRule': named('events', 'name', (_, id) => `rule/${id}`),
  'aws:cloudwatch/eventTarget:EventTarget': {
    named: 'targetId',
    fixed: ['rule'],
    id: (made) => `${input(made, 'rule')}-${input(made, 'targetId')}`,
    outputs: () => ({}),
  },
  'aws:cloudtrail/trail:Trail': {
    named: 'name',
    id: (made) => arnOf('cloudtrail', made, `trail/${input(made, 'name')}`),
    outputs: ({ region }, id) => ({ arn: id, homeRegion: region }),
  },
  'aws:sqs/queue:Queue': {
    named: 'name',
    id: (made) => `https://sqs.${made.region}.amazonaws.com/${account}/${input(made, 'name')}`,
    outputs: (made, id) => ({ url: id, arn: arnOf('sqs', made, input(made, 'name')) }),
  },
  'aws:sqs/queuePolicy:QueuePolicy': part('', ['queueUrl']),

  'aws:organizations/policy:Policy': numbered('organizations', 'p', 'policy', { fixed: ['type'] }),
  'aws:organizations/policyAttachment:PolicyAttachment': part(':', ['targetId', 'policyId']),
  'aws:route53/healthCheck:HealthCheck': {
    fixed: ['type'],
    id: ({ digits }) => guid(digits),
    outputs: (_, id) => ({ arn: `arn:aws:route53:::healthcheck/${id}` }),
  },
  'aws:route53/record:Record': part('_', ['zoneId', 'name', 'type', 'setIdentifier'], (made) => ({
    fqdn: input(made, 'name'),
  })),

  'aws:bedrock/inferenceProfile:InferenceProfile': named(
    'bedrock',
    'name',
    ({ digits }) => `application-inference-profile/${digits.slice(0, 12)}`,
    { fixed: ['modelSource', 'description'] },
  ),
};

function path(made: Made): string {
  return input(made, 'path') === '' ? '/' : input(made, 'path');
}

function registryId() {
  return { registryId: account };
}

function clusterOutputs({ digits, region }: Made) {
  const host = digits.slice(0, 32).toUpperCase();
  return {
    endpoint: `https://${host}.gr7.${region}.eks.amazonaws.com`,
    certificateAuthority: { data: Buffer.from(`authority of ${host}`).toString('base64') },
    identities: [{ oidcs: [{ issuer: `https://oidc.eks.${region}.amazonaws.com/id/${host}` }] }],
    status: 'ACTIVE',
    vpcConfig: { clusterSecurityGroupId: `sg-${digits.slice(17, 34)}` },
  };
}
