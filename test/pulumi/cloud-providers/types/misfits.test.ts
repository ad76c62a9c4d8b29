import assert from 'node:assert/strict';
import { specialAssetSig, specialSigKey, unknownValue } from '@pulumi/pulumi/runtime/rpc';
import type { JsonObject } from '../../plugin/json';
import { misfits } from './misfits';
import { PublishedTypes } from './published-types';

/** What was found, as `property: reason`. */
function found(types: PublishedTypes, token: string, inputs: JsonObject): readonly string[] {
  return misfits(inputs, types.argsOf(token)).map(
    ({ property, reason }) => `${property}: ${reason}`,
  );
}

describe('inputs against the published types of AWS', function () {
  this.timeout(60_000);
  const aws = new PublishedTypes('@pulumi/aws');
  const cluster = {
    roleArn: 'arn:aws:iam::111122223333:role/cluster',
    vpcConfig: { subnetIds: ['subnet-1'], endpointPublicAccess: false },
  };
  const check = (inputs: JsonObject) => found(aws, 'aws:eks/cluster:Cluster', inputs);

  it('accepts what fits, and what a preview does not know yet', () => {
    assert.deepEqual(check(cluster), []);
    assert.deepEqual(check({ roleArn: unknownValue, vpcConfig: unknownValue }), []);
    assert.deepEqual(check({ ...cluster, vpcConfig: { subnetIds: [unknownValue] } }), []);
    assert.deepEqual(check({ ...cluster, tags: { team: 'risk' } }), []);
  });

  it('names a property that is missing', () => {
    assert.deepEqual(check({ vpcConfig: {} }), [
      'roleArn: required; received none',
      'vpcConfig.subnetIds: required; received none',
    ]);
  });

  it('names a property that there is not, and those that there are', () => {
    const [misfit, ...others] = check({ ...cluster, vpcConfig: { subnetIds: [], subnets: [] } });
    assert.deepEqual(others, []);
    assert.match(misfit ?? '', /^vpcConfig\.subnets: no such property; there are .*subnetIds/);
  });

  it('names a value of another kind, at any depth', () => {
    assert.deepEqual(
      check({ roleArn: 7, vpcConfig: { subnetIds: [['a'], 'b', true] }, tags: { team: 1 } }),
      [
        'roleArn: expected string; received 7',
        'vpcConfig.subnetIds[0]: expected string; received ["a"]',
        'vpcConfig.subnetIds[2]: expected string; received true',
        'tags.team: expected string; received 1',
      ],
    );
    assert.deepEqual(check({ ...cluster, vpcConfig: 'vpc' }), [
      'vpcConfig: expected ClusterVpcConfig; received "vpc"',
    ]);
    assert.deepEqual(check({ ...cluster, bootstrapSelfManagedAddons: 'false' }), [
      'bootstrapSelfManagedAddons: expected false | true; received "false"',
    ]);
  });

  it('takes a resource for its id, as the SDK sends it', () => {
    const check = (role: string | number) =>
      found(aws, 'aws:iam/rolePolicy:RolePolicy', { role, policy: '{}' });
    assert.deepEqual(check('reader'), []);
    assert.deepEqual(check(1), ['role: expected string | Role; received 1']);
  });

  it('takes an asset where one is asked for, and nowhere else', () => {
    const asset = { [specialSigKey]: specialAssetSig, text: 'weights' };
    const check = (inputs: JsonObject) =>
      found(aws, 'aws:s3/bucketObject:BucketObject', { bucket: 'models', ...inputs });
    assert.deepEqual(check({ source: asset }), []);
    assert.equal(check({ key: asset }).length, 1);
  });

  it('says which resources there are none of', () => {
    assert.throws(() => aws.argsOf('aws:s3/pail:Pail'), /publishes no s3\/pail\.d\.ts/);
  });
});

describe('inputs against the published types of Azure', function () {
  this.timeout(60_000);
  const azure = new PublishedTypes('@pulumi/azure-native');
  const account = {
    resourceGroupName: 'serving',
    kind: 'StorageV2',
    sku: { name: 'Standard_ZRS' },
  };
  const check = (inputs: JsonObject) =>
    found(azure, 'azure-native:storage:StorageAccount', { ...account, ...inputs });

  it('names a value outside a closed list, and the list', () => {
    assert.deepEqual(check({ accessTier: 'Hot' }), []);
    assert.deepEqual(check({ accessTier: 'Warm' }), [
      'accessTier: expected "Hot" | "Cool" | "Premium" | "Cold"; received "Warm"',
    ]);
  });

  it('accepts any text in a list that its package leaves open', () => {
    assert.deepEqual(check({ minimumTlsVersion: 'TLS1_4' }), []);
    assert.deepEqual(check({ minimumTlsVersion: 1.2 }), [
      'minimumTlsVersion: expected string; received 1.2',
    ]);
  });
});
