import assert from 'node:assert/strict';
import * as pulumi from '@pulumi/pulumi';

interface Made {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const made: Made[] = [];

const find = (type: string, name: string): Made => {
  const found = made.find((resource) => resource.type === type && resource.name === name);
  assert(found, `${type} ${name} was not registered`);
  return found;
};

const config = {
  context: 'dubai',
  oidcProvider:
    'arn:aws:iam::111122223333:oidc-provider/oidc.eks.me-central-1.amazonaws.com/id/ABCD',
  images: '111122223333.dkr.ecr.me-central-1.amazonaws.com',
};

/** What AWS would make up. */
const outputs = (type: string, name: string): object =>
  type.startsWith('aws:')
    ? { arn: `arn:aws:test:::${name}`, bucket: name, keyId: `${name}-key`, name }
    : {};

describe('the payments platform', () => {
  before(async () => {
    await pulumi.runtime.setMocks(
      {
        newResource: ({ type, name, inputs }) => {
          made.push({ type, name, inputs: inputs as Made['inputs'] });
          return { id: `${name}-id`, state: { ...(inputs as object), ...outputs(type, name) } };
        },
        call: ({ token }) =>
          token === 'aws:index/getCallerIdentity:getCallerIdentity'
            ? { accountId: '111122223333' }
            : {},
      },
      'payments-platform',
    );
    for (const [key, value] of Object.entries(config)) {
      pulumi.runtime.setConfig(`payments-platform:${key}`, value);
    }
    await import('../index.js');
    await pulumi.runtime.disconnect();
  });

  it('keeps what the team had', () => {
    assert.deepEqual(find('aws:s3/bucket:Bucket', 'statements').inputs, {
      region: 'me-central-1',
    });
    assert.equal(made.filter(({ type }) => type === 'kubernetes:apps/v1:Deployment').length, 2);
    const { spec } = find('kubernetes:apps/v1:Deployment', 'payments').inputs;
    assert.match(JSON.stringify(spec), /"STATEMENTS","value":"statements"/);
  });

  it('serves the model from the bucket that it makes', () => {
    const { inputs } = find('kubernetes:apps/v1:Deployment', 'fraud-models/dubai/fraud/deployment');
    assert.match(JSON.stringify(inputs), /s3:\/\/fraud-weights\/fraud\/1\/model\.onnx/);
  });

  it('lets the pods of the endpoint read the weights, and nobody else', () => {
    const account = find(
      'kubernetes:core/v1:ServiceAccount',
      'fraud-models/dubai/fraud/service-account',
    );
    assert.deepEqual((account.inputs.metadata as { readonly annotations: object }).annotations, {
      'eks.amazonaws.com/role-arn': 'arn:aws:test:::fraud-reader',
    });
    const { assumeRolePolicy } = find('aws:iam/role:Role', 'fraud-reader').inputs;
    assert.match(String(assumeRolePolicy), /:sub":"system:serviceaccount:fraud-models:fraud"/);
  });

  it('stays in the region: every part of AWS that has one', () => {
    const regions = made.flatMap(({ type, inputs }) =>
      type.startsWith('aws:') && inputs.region !== undefined ? [inputs.region] : [],
    );
    assert(regions.length > 40);
    assert.deepEqual([...new Set(regions)], ['me-central-1']);
  });
});
