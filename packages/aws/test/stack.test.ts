import assert from 'node:assert/strict';
import { none } from '@manara/constructs';
import type { Registered } from '@manara/pulumi-testing';
import {
  CpuNodePool,
  FailoverRecord,
  GpuNodePool,
  Guardrails,
  ImageRegistry,
  KarpenterPrerequisites,
  ModelBucket,
} from '../src';
import { home, lazily, record } from './support/fixtures';
import { base, cluster, network } from './support/stack';

/** One of each, and all that they are made of. */
const stack = lazily(() =>
  record(() => {
    const on = base();
    const net = network(on, {
      internet: { why: 'x', to: [{ name: 'x', place: home, addresses: ['192.0.2.0/24'] }] },
      services: ['sqs', 'ssm'],
      endpointClients: { north: { place: 'azure:uaenorth', range: '10.30.0.0/16' } },
    });
    const dubai = cluster(on, { network: net, apiClients: ['10.40.0.0/24'] });
    const models = new ModelBucket('models', { ...on, network: net });
    const pods = { namespace: 'bank', serviceAccount: 'fraud' };
    models.grantRead(dubai, pods);
    models.grantReadTo({
      name: 'x',
      place: 'azure:uaenorth',
      issuer: 'https://x',
      namespace: 'bank',
      serviceAccounts: ['fraud-weights'],
    });
    new KarpenterPrerequisites('karpenter', { cluster: dubai });
    new ImageRegistry('images', { ...on, repositories: ['manara-server'] });
    const pool = { cluster: dubai, nodes: { min: 1, max: 2 } };
    new CpuNodePool('web', { ...pool, instanceTypes: ['m7i.large'], spot: { max: 2 } });
    new GpuNodePool('p5', {
      ...pool,
      instanceTypes: ['p5en.48xlarge'],
      availabilityZones: ['mec1-az1'],
      efa: true,
    });
    new Guardrails('rails', { zone: on.zone, targets: { serving: 'ou-1' } });
    new FailoverRecord('fraud', {
      ...on,
      dns: none('public'),
      hostedZoneId: 'Z1',
      domain: 'fraud.bank.example',
      alarmName: 'fraud',
      primary: { place: home, values: ['192.0.2.1'] },
      standby: { place: 'azure:uaenorth', values: ['192.0.2.2'] },
    });
  }),
);

async function resources(): Promise<readonly Registered[]> {
  return (await stack()).registered.filter(({ type }) => type.startsWith('aws:'));
}

async function components(): Promise<ReadonlySet<string>> {
  const { registered } = await stack();
  return new Set(registered.filter(({ type }) => type.startsWith('manara:')).map((r) => r.name));
}

/** Services that AWS has once for all regions. */
const withoutRegion = /^aws:(iam|organizations|route53)\//;

/** What cannot be tagged: settings of something else, and parts of it. */
const withoutTags =
  /:(AccessPolicyAssociation|Alias|Bucket[A-Z]\w*|EventTarget|LifecyclePolicy|PolicyAttachment|QueuePolicy|Record|RegistryPolicy|ReplicationConfiguration|RolePolicy|RolePolicyAttachment|Route|RouteTableAssociation)$/;

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly Condition?: object;
}

function statementsIn(value: unknown): readonly Statement[] {
  if (typeof value === 'string' && value.startsWith('{')) return statementsIn(JSON.parse(value));
  if (typeof value !== 'object' || value === null) return [];
  if ('Statement' in value) return value.Statement as readonly Statement[];
  return Object.values(value).flatMap(statementsIn);
}

describe('a stack of every component', () => {
  it('gives each resource its region, whatever the provider’s', async () => {
    for (const { type, name, inputs } of await resources()) {
      const expected = withoutRegion.test(type) ? undefined : 'me-central-1';
      assert.equal(inputs.region, expected, `${type} ${name}`);
    }
  });

  it('tags whatever can be, with its zone and component', async () => {
    for (const { type, name, parent, inputs } of await resources()) {
      const tags = inputs.tags as Readonly<Record<string, string>> | undefined;
      if (withoutTags.test(type)) assert.equal(tags, undefined, `${type} ${name}`);
      else {
        assert.equal(tags?.['manara.dev/zone'], 'bank', `${type} ${name}`);
        assert.match(tags['manara.dev/component'] ?? '', new RegExp(`^\\w+/${parent}$`));
      }
    }
  });

  it('makes each the child of its component, called after it', async () => {
    const parents = await components();
    for (const { type, name, parent } of await resources()) {
      assert(parents.has(parent), `${type} ${name}`);
      assert(name === parent || name.startsWith(`${parent}-`), `${type} ${name} of ${parent}`);
    }
  });

  it('allows no action by a wildcard but at the endpoints, for the own account', async () => {
    const wild = (await resources()).flatMap(({ name, inputs }) =>
      statementsIn(inputs)
        .filter(({ Effect }) => Effect === 'Allow')
        .filter(({ Action }) => [Action ?? []].flat().some((action) => action.includes('*')))
        .map(({ Condition }) => {
          assert.match(JSON.stringify(Condition), /"aws:PrincipalAccount":"111122223333"/);
          return name;
        }),
    );
    assert.deepEqual([...new Set(wild)].sort(), [
      'net-ec2',
      'net-ecr-api',
      'net-ecr-dkr',
      'net-kms',
      'net-logs',
      'net-s3',
      'net-sts',
    ]);
  });

  it('has no key of several regions, no public endpoint, no replica, no open bucket', async () => {
    const all = await resources();
    const of = (type: string) => all.filter((r) => r.type.endsWith(`:${type}`));
    assert.equal(of('Key').length, 5);
    for (const { inputs } of of('Key')) assert.equal(inputs.multiRegion, false);
    for (const { inputs } of of('Cluster')) {
      assert.equal(
        (inputs.vpcConfig as { endpointPublicAccess: boolean }).endpointPublicAccess,
        false,
      );
    }
    assert.deepEqual(of('BucketReplicationConfig'), []);
    assert.equal(of('Bucket').length, of('BucketPublicAccessBlock').length);
    for (const { inputs } of of('Subnet')) assert.equal(inputs.mapPublicIpOnLaunch, false);
  });
});
