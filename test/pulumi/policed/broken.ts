import { output, type ResourceTransformation } from '@pulumi/pulumi';
import { elsewhere, globalProfile, publicImage, roleArn } from './foreign';

type Inputs = Readonly<Record<string, unknown>>;

/**
 * How a user breaks what a component would not say: a transformation that changes inputs of its children,
 * past every type and every check of ours.
 */
export const broken: ResourceTransformation = ({ type, name, props, opts }) => {
  const change = changes[`${type} ${name}`];
  return change === undefined ? undefined : { props: change(props), opts };
};

const changes: Readonly<Record<string, (inputs: Inputs) => Inputs>> = {
  'aws:s3/bucket:Bucket models': (inputs) => ({
    ...inputs,
    replicationConfiguration: {
      role: roleArn,
      rules: [{ id: 'all', status: 'Enabled', destination: { bucket: elsewhere } }],
    },
  }),
  'aws:s3/bucket:Bucket models-audit': (inputs) => ({ ...inputs, region: 'eu-west-1' }),
  'aws:ecr/replicationConfiguration:ReplicationConfiguration images-replication': (inputs) => ({
    ...inputs,
    replicationConfiguration: {
      rules: [{ destinations: [{ region: 'eu-west-1', registryId: '111122223333' }] }],
    },
  }),
  'aws:kms/key:Key keys-models': (inputs) => ({ ...inputs, multiRegion: true }),
  'aws:eks/cluster:Cluster dubai': (inputs) => ({
    ...inputs,
    vpcConfig: { ...(inputs.vpcConfig as Inputs), endpointPublicAccess: true },
  }),
  'kubernetes:apps/v1:Deployment bank/dubai-site/churn/deployment': (inputs) => ({
    ...inputs,
    metadata: {
      ...(inputs.metadata as Inputs),
      annotations: { 'bank.example/explained-by': globalProfile },
    },
    spec: output(inputs.spec as object).apply(withPublicImage),
  }),
  'azure-native:storage:StorageAccount models': (inputs) => ({
    ...inputs,
    sku: { name: 'Standard_GZRS' },
  }),
  'azure-native:containerregistry:Registry images': (inputs) => ({
    ...inputs,
    publicNetworkAccess: 'Enabled',
  }),
  'azure-native:containerservice:ManagedCluster aks': (inputs) => ({
    ...inputs,
    apiServerAccessProfile: { enablePrivateCluster: false },
  }),
};

function withPublicImage(spec: object): object {
  return JSON.parse(
    JSON.stringify(spec).replace(/"image":"[^"]+"/g, `"image":"${publicImage}"`),
  ) as object;
}
