import { InferenceProfile } from '@pulumi/aws/bedrock';
import { TaskDefinition } from '@pulumi/aws/ecs';
import { ReplicationConfiguration } from '@pulumi/aws/ecr';
import { Cluster } from '@pulumi/aws/eks';
import { Key } from '@pulumi/aws/kms';
import { Bucket, BucketReplicationConfig } from '@pulumi/aws/s3';
import { StorageAccount } from '@pulumi/azure-native/storage';
import { Deployment } from '@pulumi/kubernetes/apps/v1';
import type { Provider } from '@pulumi/kubernetes/provider';
import { elsewhere, globalProfile, publicImage, roleArn } from './foreign';

/** What somebody writes who knows nothing of Manara: each resource leaves the zone in one way, named for it. */
export function plain(provider: Provider): void {
  new Bucket('abroad', { bucket: 'bank-abroad', region: 'eu-west-1' });
  new BucketReplicationConfig('replica', {
    bucket: 'bank-weights',
    role: roleArn,
    rules: [{ id: 'all', status: 'Enabled', destination: { bucket: elsewhere } }],
  });
  new ReplicationConfiguration('images', {
    replicationConfiguration: {
      rules: [{ destinations: [{ region: 'eu-west-1', registryId: '111122223333' }] }],
    },
  });
  new Key('key', { multiRegion: true });
  new Cluster('cluster', { roleArn, vpcConfig: { subnetIds: ['subnet-1', 'subnet-2'] } });
  new InferenceProfile('profile', { modelSource: { copyFrom: globalProfile } });
  new StorageAccount('account', {
    resourceGroupName: 'serving',
    location: 'uaenorth',
    kind: 'StorageV2',
    sku: { name: 'Standard_GRS' },
    allowBlobPublicAccess: false,
    publicNetworkAccess: 'Disabled',
  });
  const containers = [{ name: 'scorer', image: publicImage }];
  new TaskDefinition('task', {
    family: 'scorer',
    containerDefinitions: JSON.stringify(containers),
  });
  const labels = { app: 'scorer' };
  new Deployment(
    'scorer',
    {
      metadata: { name: 'scorer', namespace: 'default' },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers } },
      },
    },
    { provider },
  );
}
