import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unknownValue } from '@pulumi/pulumi/runtime/rpc';
import { text } from '../plugin/json';
import { aws } from './aws/aws';
import { CloudProvider, type Named } from './cloud-provider';
import { RecordedCloud } from './recorded-cloud';

describe('a recorded cloud behind its provider', function () {
  this.timeout(60_000);
  let folder: string;
  let cloud: RecordedCloud;
  let provider: CloudProvider;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'manara-cloud-'));
    cloud = new RecordedCloud(folder);
    provider = new CloudProvider(aws, cloud);
    provider.configure({ region: 'me-central-1' });
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('names what a program does not, the same until it is somewhere else', () => {
    const here = provider.check(queue, {}, {}).inputs;
    assert.match(text(here.name), /^jobs-[0-9a-f]{7}$/);
    assert.deepEqual(provider.check(queue, {}, {}).inputs, here);
    assert.deepEqual(provider.check(queue, {}, { name: 'jobs-of-old' }).inputs, {
      name: 'jobs-of-old',
    });
    const there = provider.check(queue, { region: 'me-south-1' }, here).inputs;
    assert.notEqual(there.name, here.name);
  });

  it('knows in a preview what is an input, and nothing that is computed', () => {
    const { id, state } = provider.create(cluster, { name: 'dubai', vpcConfig }, true);
    assert.equal(id, '');
    assert.equal(state.name, 'dubai');
    assert.equal(state.endpoint, unknownValue);
    assert.deepEqual(state.vpcConfig, { ...vpcConfig, clusterSecurityGroupId: unknownValue });
    assert.deepEqual(cloud.journal, []);
  });

  it('keeps what it makes, and finds it by its id', () => {
    const { id, state } = provider.create(cluster, { name: 'dubai', vpcConfig }, false);
    assert.equal(id, 'dubai');
    assert.equal(state.arn, 'arn:aws:eks:me-central-1:111122223333:cluster/dubai');
    assert.deepEqual(provider.read(cluster.type, id)?.state, state);
    assert.equal(cloud.resource(cluster.type, 'dubai').id, 'dubai');
    provider.delete(cluster.type, id);
    assert.equal(provider.read(cluster.type, id), undefined);
    assert.deepEqual(cloud.resources, []);
    assert.deepEqual(
      cloud.journal.map(({ op }) => op),
      ['create', 'delete'],
    );
  });

  it('makes nothing twice under one name', () => {
    provider.create(cluster, { name: 'dubai', vpcConfig }, false);
    assert.throws(
      () => provider.create(cluster, { name: 'dubai', vpcConfig }, false),
      /Cluster dubai already exists, and is not in the state of this stack/,
    );
  });

  it('gives what has no name another id each time', () => {
    const made = [1, 2].map(() => provider.create(vpc, { cidrBlock: '10.0.0.0/16' }, false).id);
    assert.equal(new Set(made).size, 2);
  });

  it('previews which outputs an update will change', () => {
    const { id } = provider.create(template, { name: 'nodes' }, false);
    const preview = provider.update(template, id, { name: 'nodes', ebsOptimized: 'true' }, true);
    assert.equal(preview.latestVersion, unknownValue);
    assert.equal(preview.defaultVersion, 1);
    const state = provider.update(template, id, { name: 'nodes', ebsOptimized: 'true' }, false);
    assert.equal(state.latestVersion, 2);
    assert.equal(provider.read(template.type, id)?.inputs.ebsOptimized, 'true');
  });

  it('replaces what cannot change: the old one first where both would have one name', () => {
    const diff = (before: object, after: object) => {
      const found = provider.diff(
        cluster,
        { name: 'dubai', ...before },
        { name: 'dubai', ...after },
      );
      return [found.replaces.map(({ path }) => path.join('.')), found.deleteBeforeReplace];
    };
    assert.deepEqual(diff({ version: '1.33' }, { version: '1.34' }), [[], false]);
    assert.deepEqual(diff({ roleArn: 'a' }, { roleArn: 'b' }), [['roleArn'], true]);
    assert.deepEqual(diff({}, { name: 'other' }), [['name'], false]);
    assert.deepEqual(diff({}, { region: 'me-south-1' }), [['region'], false]);
  });

  it('refuses everything from the write on at which the credential expires', () => {
    cloud.expireAfter(1);
    const { id } = provider.create(vpc, { cidrBlock: '10.0.0.0/16' }, false);
    const expired = /ExpiredToken: The security token included in the request is expired/;
    assert.throws(() => provider.create(vpc, {}, false), expired);
    assert.throws(() => provider.update(vpc, id, {}, false), expired);
    assert.throws(() => provider.read(vpc.type, id), expired);
    assert.throws(() => {
      provider.delete(vpc.type, id);
    }, expired);
    assert.throws(() => provider.invoke(identity, {}), expired);
    cloud.renewCredential();
    assert.equal(provider.read(vpc.type, id)?.inputs.cidrBlock, '10.0.0.0/16');
  });

  it('refuses what a quota does not cover, and nothing else', () => {
    cloud.exhaust(vpc.type, 'VpcLimitExceeded');
    assert.throws(() => provider.create(vpc, {}, false), /^Error: VpcLimitExceeded$/);
    provider.create(cluster, { name: 'dubai', vpcConfig }, false);
    cloud.grantQuotas();
    provider.create(vpc, {}, false);
    assert.equal(cloud.resources.length, 2);
  });

  it('answers what is declared, and refuses to guess the rest', () => {
    assert.equal(provider.invoke(identity, {}).accountId, '111122223333');
    const ami = 'aws:ec2/getAmi:getAmi';
    assert.throws(() => provider.invoke(ami, {}), /getAmi: nothing is declared/);
    cloud.answer(ami, { id: 'ami-1' });
    assert.deepEqual(provider.invoke(ami, {}), { id: 'ami-1' });
  });

  it('gives the outputs that a test orders', () => {
    cloud.give(cluster.type, 'dubai', { endpoint: 'https://127.0.0.1:6443' });
    const { state } = provider.create(cluster, { name: 'dubai', vpcConfig }, false);
    assert.equal(state.endpoint, 'https://127.0.0.1:6443');
    assert.match(text(state.arn), /cluster\/dubai$/);
  });

  it('knows the options of its provider', () => {
    assert.deepEqual(provider.checkOptions({ region: 'me-central-1', profile: 'bank' }), []);
    const [unknown, region] = provider.checkOptions({ regoin: 'me-central-1' });
    assert.match(unknown ?? '', /^regoin: no such option; there are .*region/);
    assert.equal(region, 'region: required; run pulumi config set aws:region <region>');
  });
});

const vpcConfig = { subnetIds: ['subnet-1'] };
const identity = 'aws:index/getCallerIdentity:getCallerIdentity';

const cluster = named('aws:eks/cluster:Cluster', 'dubai');
const queue = named('aws:sqs/queue:Queue', 'jobs');
const template = named('aws:ec2/launchTemplate:LaunchTemplate', 'nodes');
const vpc = named('aws:ec2/vpc:Vpc', 'net');

function named(type: string, name: string): Named {
  return { urn: `urn:pulumi:dev::test::${type}::${name}`, type, name };
}
