import { awsResource, azureResource, passes, refused, uae } from '../support/judge';

const elsewhere = (type: string, props: Readonly<Record<string, unknown>>) =>
  [awsResource(type, props), /, [\w.]+" is at aws:eu-west-1, outside zone "uae"/] as const;

describe('places that inputs name', () => {
  for (const [what, type, abroad, home] of [
    [
      'an ECR replication',
      'aws:ecr/replicationConfiguration:ReplicationConfiguration',
      { replicationConfiguration: { rules: [{ destinations: [{ region: 'eu-west-1' }] }] } },
      { replicationConfiguration: { rules: [{ destinations: [{ region: 'me-central-1' }] }] } },
    ],
    [
      'a replica of a DynamoDB table',
      'aws:dynamodb/table:Table',
      { replicas: [{ regionName: 'eu-west-1' }] },
      { replicas: [] },
    ],
    [
      'a DynamoDB global table',
      'aws:dynamodb/globalTable:GlobalTable',
      { replicas: [{ regionName: 'me-central-1' }, { regionName: 'eu-west-1' }] },
      { replicas: [{ regionName: 'me-central-1' }] },
    ],
    [
      'a copy of an RDS snapshot',
      'aws:rds/snapshotCopy:SnapshotCopy',
      { destinationRegion: 'eu-west-1', sourceDbSnapshotIdentifier: 'ledger' },
      { sourceDbSnapshotIdentifier: 'ledger' },
    ],
    [
      'a copy of an Aurora snapshot',
      'aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy',
      {
        sourceDbClusterSnapshotIdentifier: 'arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:l',
      },
      {
        sourceDbClusterSnapshotIdentifier:
          'arn:aws:rds:me-central-1:111122223333:cluster-snapshot:l',
      },
    ],
    [
      'a read replica of an RDS instance',
      'aws:rds/instance:Instance',
      { replicateSourceDb: 'arn:aws:rds:eu-west-1:111122223333:db:ledger' },
      { replicateSourceDb: 'arn:aws:rds:me-central-1:111122223333:db:ledger' },
    ],
    [
      'a copy of a backup',
      'aws:backup/plan:Plan',
      {
        rules: [
          {
            copyActions: [
              { destinationVaultArn: 'arn:aws:backup:eu-west-1:111122223333:backup-vault:v' },
            ],
          },
        ],
      },
      { rules: [{ copyActions: [] }] },
    ],
    [
      'a replica of a secret',
      'aws:secretsmanager/secret:Secret',
      { replicas: [{ region: 'eu-west-1' }] },
      {},
    ],
    [
      "an endpoint of another region's service",
      'aws:ec2/vpcEndpoint:VpcEndpoint',
      { serviceRegion: 'eu-west-1' },
      { serviceRegion: 'me-central-1' },
    ],
    [
      'an endpoint that names its service by region',
      'aws:ec2/vpcEndpoint:VpcEndpoint',
      { serviceName: 'com.amazonaws.eu-west-1.s3' },
      { serviceName: 'com.amazonaws.me-central-1.s3' },
    ],
    [
      'the address of a queue',
      'aws:lambda/function:Function',
      {
        environment: {
          variables: { QUEUE: 'https://sqs.eu-west-1.amazonaws.com/111122223333/audit' },
        },
      },
      {
        environment: {
          variables: { QUEUE: 'https://sqs.me-central-1.amazonaws.com/111122223333/audit' },
        },
      },
    ],
  ] as const) {
    it(`judges ${what}`, async () => {
      await refused('flow-stays-in-zone', ...elsewhere(type, abroad));
      await passes(awsResource(type, home));
    });
  }

  it('judges a location among the inputs of Azure', async () => {
    const account = (locationName: string) =>
      azureResource('azure-native:cosmosdb:DatabaseAccount', {
        publicNetworkAccess: 'Disabled',
        locations: [{ locationName: 'UAE North' }, { locationName }],
      });
    await refused(
      'flow-stays-in-zone',
      account('West Europe'),
      /locations.1.locationName" is at azure:westeurope/,
    );
    await passes(account('UAE North'));
    await refused(
      'flow-stays-in-zone',
      azureResource('azure-native:containerregistry:Replication', { location: 'westeurope' }),
      /is at azure:westeurope/,
    );
  });

  it('names a region that the table has not, as an ARN may', async () => {
    await refused(
      'flow-is-declared',
      awsResource('aws:kms/alias:Alias', {
        targetKeyId: 'arn:aws:kms:xx-north-9:111122223333:key/1',
      }),
      /targetKeyId: its place is not known/,
    );
  });

  it('takes descriptions and tags for what they are', async () => {
    await passes(
      awsResource('aws:s3/bucket:Bucket', {
        tags: { formerly: 'eu-west-1' },
        tagsAll: { formerly: 'eu-west-1' },
      }),
    );
  });

  it('takes a bucket for where the pack says it is', async () => {
    const copies = awsResource('aws:s3/bucketReplicationConfig:BucketReplicationConfig', {
      rules: [{ destination: { bucket: 'arn:aws:s3:::archive' } }],
    });
    const at = (place: 'aws:eu-west-1' | 'aws:me-central-1') => ({
      ...uae,
      located: { 'arn:aws:s3:::archive': place },
    });
    await refused(
      'flow-stays-in-zone',
      copies,
      /rules.0.destination.bucket" is at aws:eu-west-1/,
      at('aws:eu-west-1'),
    );
    await passes(copies, at('aws:me-central-1'));
  });
});
