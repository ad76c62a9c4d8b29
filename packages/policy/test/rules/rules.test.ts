import { policyRules } from '../../src/rules';
import assert from 'node:assert/strict';
import {
  awsResource,
  azureResource,
  type Declared,
  kubernetesObject,
  passes,
  refused,
} from '../support/judge';

const closed = { publicNetworkAccess: 'Disabled' };
const profile = (id: string) => `arn:aws:bedrock:me-central-1:111122223333:inference-profile/${id}`;
const lambda = (model: string) =>
  awsResource('aws:lambda/function:Function', { environment: { variables: { MODEL: model } } });
const deployment = (sku?: string): Declared => ({
  type: 'azure-native:cognitiveservices:Deployment',
  props: { accountName: 'bank', ...(sku === undefined ? {} : { sku: { name: sku } }) },
});
const block = (rest = {}) =>
  awsResource('aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock', {
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
    ...rest,
  });

/** For each mandatory rule: what it refuses, what it says, and the compliant twin. */
const cases: readonly (readonly [rule: string, Declared, RegExp, twin: Declared])[] = [
  [
    'service-has-a-place',
    awsResource('aws:cloudfront/distribution:Distribution'),
    /aws:cloudfront:Distribution delivers content through a worldwide network/,
    awsResource('aws:lb/loadBalancer:LoadBalancer', { internal: true }),
  ],
  [
    'service-has-a-place',
    awsResource('aws:globalaccelerator/accelerator:Accelerator'),
    /is a global service/,
    awsResource('aws:lb/loadBalancer:LoadBalancer', { internal: true }),
  ],
  [
    'service-has-a-place',
    awsResource('aws:rds/globalCluster:GlobalCluster'),
    /clusters of any region may join it/,
    awsResource('aws:rds/cluster:Cluster'),
  ],
  [
    'service-has-a-place',
    awsResource('aws:rds/cluster:Cluster', { globalClusterIdentifier: 'ledger' }),
    /globalClusterIdentifier: it joins "ledger"/,
    awsResource('aws:rds/cluster:Cluster'),
  ],
  [
    'service-has-a-place',
    awsResource('aws:apigateway/restApi:RestApi'),
    /expected REGIONAL or PRIVATE, received none, which means EDGE/,
    awsResource('aws:apigateway/restApi:RestApi', { endpointConfiguration: { types: 'PRIVATE' } }),
  ],
  [
    'service-has-a-place',
    awsResource('aws:apigateway/restApi:RestApi', { endpointConfiguration: { types: 'EDGE' } }),
    /received EDGE/,
    awsResource('aws:apigateway/restApi:RestApi', { endpointConfiguration: { types: 'REGIONAL' } }),
  ],
  [
    'service-has-a-place',
    { type: 'azure-native:cdn:Profile', props: { location: 'global' } },
    /edge locations worldwide/,
    azureResource('azure-native:network:ApplicationGateway'),
  ],
  [
    'template-is-readable',
    kubernetesObject('kubernetes:helm.sh/v3:Release', { chart: 'nginx' }),
    /makes resources that no policy sees\nfix: use kubernetes.helm.v4.Chart/,
    kubernetesObject('kubernetes:core/v1:ConfigMap'),
  ],
  [
    'template-is-readable',
    awsResource('aws:cloudformation/stack:Stack'),
    /makes resources that no policy sees/,
    awsResource('aws:sqs/queue:Queue'),
  ],
  [
    'inference-stays-in-region',
    lambda('global.anthropic.claude-sonnet-4-20250514-v1:0'),
    /environment.variables.MODEL: "global.anthropic/,
    lambda('anthropic.claude-3-haiku-20240307-v1:0'),
  ],
  [
    'inference-stays-in-region',
    awsResource('aws:bedrock/inferenceProfile:InferenceProfile', {
      modelSource: { copyFrom: profile('apac.amazon.nova-pro-v1:0') },
    }),
    /modelSource.copyFrom/,
    awsResource('aws:bedrock/inferenceProfile:InferenceProfile', {
      modelSource: {
        copyFrom: 'arn:aws:bedrock:me-central-1::foundation-model/amazon.nova-pro-v1:0',
      },
    }),
  ],
  [
    'inference-stays-in-region',
    awsResource('aws:bedrock/agentAgent:AgentAgent', { foundationModel: profile('xx.new-model') }),
    /foundationModel/,
    awsResource('aws:bedrock/agentAgent:AgentAgent', {
      foundationModel:
        'arn:aws:bedrock:me-central-1:111122223333:application-inference-profile/abc',
    }),
  ],
  [
    'inference-stays-in-region',
    kubernetesObject('kubernetes:core/v1:ConfigMap', {
      data: { model: 'eu.meta.llama3-2-1b-instruct-v1:0' },
    }),
    /data.model/,
    kubernetesObject('kubernetes:core/v1:ConfigMap', { data: { host: 'eu.launchdarkly.com' } }),
  ],
  [
    'inference-stays-in-region',
    deployment('GlobalStandard'),
    /sku.name: expected Standard or ProvisionedManaged, received GlobalStandard/,
    deployment('Standard'),
  ],
  ['inference-stays-in-region', deployment(), /received none/, deployment('ProvisionedManaged')],
  [
    'kms-key-is-single-region',
    awsResource('aws:kms/key:Key', { multiRegion: true }),
    /multiRegion: true lets its material be replicated to any region/,
    awsResource('aws:kms/key:Key', { enableKeyRotation: true }),
  ],
  [
    'kms-key-is-single-region',
    awsResource('aws:kms/replicaKey:ReplicaKey'),
    /replica of a multi-region key/,
    awsResource('aws:kms/key:Key', { multiRegion: false }),
  ],
  [
    'eks-endpoint-is-private',
    awsResource('aws:eks/cluster:Cluster', { vpcConfig: { subnetIds: ['a'] } }),
    /expected false, received none, which means true, for 0.0.0.0\/0/,
    awsResource('aws:eks/cluster:Cluster', { vpcConfig: { endpointPublicAccess: false } }),
  ],
  [
    'eks-endpoint-is-private',
    awsResource('aws:eks/cluster:Cluster', {
      vpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ['203.0.113.0/24'] },
    }),
    /received true, for 203.0.113.0\/24/,
    awsResource('aws:eks/cluster:Cluster', { vpcConfig: { endpointPublicAccess: false } }),
  ],
  [
    'aks-api-server-is-private',
    azureResource('azure-native:containerservice:ManagedCluster'),
    /expected true, received none/,
    azureResource('azure-native:containerservice:ManagedCluster', {
      apiServerAccessProfile: { enablePrivateCluster: true },
    }),
  ],
  [
    'bucket-is-not-public',
    block({ blockPublicPolicy: false }),
    /^blockPublicPolicy: expected true, received false/,
    block(),
  ],
  [
    'bucket-is-not-public',
    block({ restrictPublicBuckets: undefined }),
    /restrictPublicBuckets: expected true, received none, which means false/,
    block(),
  ],
  [
    'bucket-is-not-public',
    awsResource('aws:s3/bucketAcl:BucketAcl', { acl: 'public-read' }),
    /acl: "public-read" opens it to everybody/,
    awsResource('aws:s3/bucketAcl:BucketAcl', { acl: 'private' }),
  ],
  [
    'storage-account-is-not-public',
    azureResource('azure-native:storage:StorageAccount', {
      ...closed,
      allowBlobPublicAccess: true,
    }),
    /allowBlobPublicAccess: true/,
    azureResource('azure-native:storage:StorageAccount', {
      ...closed,
      allowBlobPublicAccess: false,
    }),
  ],
  [
    'public-network-access-is-off',
    azureResource('azure-native:storage:StorageAccount'),
    /publicNetworkAccess: expected "Disabled", received none/,
    azureResource('azure-native:storage:StorageAccount', closed),
  ],
  [
    'public-network-access-is-off',
    azureResource('azure-native:machinelearningservices:Workspace', {
      publicNetworkAccess: 'Enabled',
    }),
    /received Enabled/,
    azureResource('azure-native:machinelearningservices:Workspace'),
  ],
  [
    'public-network-access-is-off',
    azureResource('azure-native:keyvault:Vault', {
      properties: { publicNetworkAccess: 'enabled' },
    }),
    /received enabled/,
    azureResource('azure-native:keyvault:Vault', {
      properties: { publicNetworkAccess: 'disabled' },
    }),
  ],
  [
    'database-is-not-public',
    awsResource('aws:rds/instance:Instance', { publiclyAccessible: true }),
    /publiclyAccessible: true/,
    awsResource('aws:rds/instance:Instance', { publiclyAccessible: false }),
  ],
];

describe('mandatory rules', () => {
  for (const [rule, resource, says, twin] of cases) {
    it(`${rule} refuses ${resource.type}: ${says.source}`, () => refused(rule, resource, says));
    it(`${rule} passes ${twin.type} ${JSON.stringify(twin.props)}`, () => passes(twin));
  }

  it('are each tried here', () => {
    const mandatory = policyRules.filter(({ enforcement }) => enforcement === undefined);
    assert.deepEqual(
      mandatory.map(({ id }) => id).sort(),
      [...new Set(cases.map(([rule]) => rule))].sort(),
    );
  });

  it('leave a policy alone that forbids an inference profile', () =>
    passes(
      awsResource('aws:organizations/policy:Policy', {
        content: profile('global.anthropic.claude-sonnet-4-20250514-v1:0'),
      }),
    ));
});
