import assert from 'node:assert/strict';
import { aws } from './aws/aws';
import { kinds as awsKinds } from './aws/kinds';
import { azure } from './azure/azure';
import { kinds as azureKinds } from './azure/kinds';
import { PublishedTypes } from './types/published-types';

describe('how the clouds identify resources', function () {
  this.timeout(60_000);
  for (const [cloud, kinds] of [
    [aws, awsKinds],
    [azure, azureKinds],
  ] as const) {
    it(`${cloud.package}: by inputs that the published types have`, () => {
      const types = new PublishedTypes(cloud.npmPackage);
      for (const [token, { named, fixed = [] }] of Object.entries(kinds)) {
        const { type, checker } = types.argsOf(token);
        const names = checker.getPropertiesOfType(type).map(({ name }) => name);
        const unknown = [...fixed, named ?? []].flat().filter((name) => !names.includes(name));
        assert.deepEqual(unknown, [], token);
      }
    });
  }

  it('refuses a type that no table has', () => {
    assert.throws(
      () => aws.kindOf('aws:rds/instance:Instance'),
      /does not know how aws:rds\/instance:Instance is identified; add it to aws\/kinds\.ts/,
    );
  });

  it('gives an endpoint of AWS a name of its own, with a star before that of S3', () => {
    const { outputs } = aws.kindOf('aws:ec2/vpcEndpoint:VpcEndpoint');
    const nameOf = (service: string) => {
      const inputs = { serviceName: `com.amazonaws.me-central-1.${service}` };
      const made = { inputs, region: 'me-central-1', digits: '0a1b2c3d4e', revision: 1 };
      const [entry] = outputs(made, 'vpce-1').dnsEntries as readonly { readonly dnsName: string }[];
      return entry?.dnsName;
    };
    assert.equal(nameOf('s3'), '*.vpce-1-0a1b2c3d.s3.me-central-1.vpce.amazonaws.com');
    assert.equal(nameOf('ecr.api'), 'vpce-1-0a1b2c3d.ecr.api.me-central-1.vpce.amazonaws.com');
  });

  it('gives an Azure resource the path of what it belongs to', () => {
    const { id, outputs } = azure.kindOf('azure-native:network:Subnet');
    const inputs = { resourceGroupName: 'serving', virtualNetworkName: 'net', subnetName: 'nodes' };
    const made = { inputs, region: '', digits: '', revision: 1 };
    assert.equal(
      id(made),
      '/subscriptions/00000000-0000-4000-8000-00000000babb/resourceGroups/serving/providers/Microsoft.Network/virtualNetworks/net/subnets/nodes',
    );
    assert.deepEqual(outputs(made, id(made)), {
      name: 'nodes',
      type: 'Microsoft.Network/virtualNetworks/subnets',
    });
  });

  it('gives an AWS resource an ARN of its account and region, and the region', () => {
    const { id, outputs } = aws.kindOf('aws:ecr/repository:Repository');
    const made = { inputs: { name: 'server' }, region: 'me-central-1', digits: '', revision: 1 };
    assert.deepEqual(outputs(made, id(made)), {
      arn: 'arn:aws:ecr:me-central-1:111122223333:repository/server',
      region: 'me-central-1',
      registryId: '111122223333',
      repositoryUrl: '111122223333.dkr.ecr.me-central-1.amazonaws.com/server',
    });
  });
});
