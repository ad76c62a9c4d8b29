import assert from 'node:assert/strict';
import {
  awsResource,
  azureResource,
  type Declared,
  judge,
  kubernetesObject,
  passes,
} from '../support/judge';

async function advised(policy: string, resource: Declared, says: RegExp): Promise<void> {
  const [report, ...others] = await judge(resource);
  assert.deepEqual(others, []);
  assert.equal(report?.policy, policy);
  assert.equal(report.level, 'advisory');
  assert.match(report.message, says);
}

const outbound = (rest = {}) => ({
  direction: 'Outbound',
  access: 'Allow',
  destinationAddressPrefix: 'Internet',
  ...rest,
});

describe('egress-is-restricted advises against a way out to everywhere', () => {
  for (const [type, open, narrow] of [
    [
      'aws:ec2/securityGroup:SecurityGroup',
      { egress: [{ cidrBlocks: ['10.0.0.0/8'] }, { cidrBlocks: ['0.0.0.0/0'] }] },
      { egress: [{ cidrBlocks: ['10.0.0.0/8'] }], ingress: [{ cidrBlocks: ['0.0.0.0/0'] }] },
    ],
    [
      'aws:ec2/securityGroupRule:SecurityGroupRule',
      { type: 'egress', ipv6CidrBlocks: ['::/0'] },
      { type: 'ingress', ipv6CidrBlocks: ['::/0'] },
    ],
    [
      'aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule',
      { cidrIpv4: '0.0.0.0/0' },
      { cidrIpv4: '10.0.0.0/8' },
    ],
  ] as const) {
    it(type, async () => {
      await advised('egress-is-restricted', awsResource(type, open), /is everywhere/);
      await passes(awsResource(type, narrow));
    });
  }

  it('azure-native:network', async () => {
    const nsg = (rule: object) =>
      azureResource('azure-native:network:NetworkSecurityGroup', { securityRules: [rule] });
    await advised(
      'egress-is-restricted',
      nsg(outbound()),
      /^securityRules.0.destinationAddressPrefix: "Internet" is everywhere/,
    );
    await passes(nsg(outbound({ access: 'Deny' })));
    await passes(nsg(outbound({ destinationAddressPrefix: 'VirtualNetwork' })));
    await advised(
      'egress-is-restricted',
      {
        type: 'azure-native:network:SecurityRule',
        props: outbound({ destinationAddressPrefix: '*' }),
      },
      /"\*" is everywhere/,
    );
  });
});

describe('load-balancer-is-internal advises against a public address', () => {
  it('of AWS', async () => {
    const type = 'aws:lb/loadBalancer:LoadBalancer';
    await advised('load-balancer-is-internal', awsResource(type), /internal: expected true/);
    await passes(awsResource(type, { internal: true }));
  });

  it('of a Service', async () => {
    const service = (annotations: object, type = 'LoadBalancer') =>
      kubernetesObject('kubernetes:core/v1:Service', { metadata: { annotations }, spec: { type } });
    await advised(
      'load-balancer-is-internal',
      service({}),
      /no annotation says that it is internal/,
    );
    await passes(service({ 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' }));
    await passes(service({ 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal' }));
    await passes(service({}, 'ClusterIP'));
  });
});
