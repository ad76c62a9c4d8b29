import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { settled } from '@manara/pulumi-testing';
import type { AuditJson } from '@manara/residency';
import { ModelBucket, ServingKeys, ServingNetwork } from '@manara/aws';
import { recordRefusal, type Registered } from '@manara/pulumi-testing';
import { App } from 'cdk8s';
import { bankZone } from '../zone';
import { repositoryRoot, run, type Run, runRefused, settingsOf } from './support/stack';

describe('the stack for production', () => {
  let bed: Run;

  before(async function () {
    this.timeout(60_000);
    bed = await run(settingsOf('production'));
  });

  const named = (pattern: RegExp): readonly Registered[] =>
    bed.registered.filter(({ type }) => pattern.test(type));

  it('makes every part of both clouds', () => {
    assert.deepEqual(
      named(/^manara:(aws|azure):/)
        .map(({ type, name }) => `${type.slice('manara:'.length)} ${name}`)
        .sort(),
      [
        'aws:CpuNodePool dubai-cpu',
        'aws:EksServingCluster dubai',
        'aws:FailoverRecord dubai-fraud',
        'aws:ForeignReader dubai-models-north',
        'aws:GpuNodePool dubai-gpu',
        'aws:Guardrails rails',
        'aws:ImageRegistry dubai-images',
        'aws:ModelBucket dubai-models',
        'aws:ServingKeys dubai-keys',
        'aws:ServingNetwork dubai-net',
        'azure:AksServingCluster north',
        'azure:CpuNodePool northcpu',
        'azure:FailoverRecord northdocs',
        'azure:Guardrails northrails',
        'azure:ImageRegistry northimages',
        'azure:ModelBucket northmodels',
        'azure:ServingKeys northkeys',
        'azure:ServingNetwork northnet',
      ],
    );
  });

  it('makes nothing with credentials that nobody chose', () => {
    const chosen = named(/^(aws|azure-native|kubernetes):/).map(({ type, provider }) => [
      type.replace(/:.*/, ''),
      provider,
    ]);
    assert.deepEqual([...new Set(chosen.map((pair) => pair.join(' by ')))].sort(), [
      'aws by aws',
      'aws by organization',
      'azure-native by azure',
      'kubernetes by dubai',
      'kubernetes by north',
    ]);
    const organization = named(/^aws:/).filter(({ provider }) => provider === 'organization');
    assert.ok(organization.every(({ type }) => type.startsWith('aws:organizations/')));
    const settingsOfProvider = (name: string) =>
      named(/^pulumi:providers:(aws|azure-native)$/).find((r) => r.name === name)?.inputs ?? {};
    assert.equal(settingsOfProvider('aws').allowedAccountIds, '["111122223333"]');
    assert.equal(
      settingsOfProvider('organization').assumeRoles,
      '[{"roleArn":"arn:aws:iam::444455556666:role/bank-guardrails"}]',
    );
    assert.equal(
      settingsOfProvider('azure').subscriptionId,
      '00000000-0000-4000-8000-000000000001',
    );
  });

  it('deploys each site to the cluster that is made for it', () => {
    const providersOf = (site: string) =>
      bed.registered
        .filter(({ type, name }) => type.startsWith('kubernetes:') && name.includes(`/${site}/`))
        .map(({ provider }) => provider);
    assert.deepEqual([...new Set(providersOf('aws-me-central-1'))], ['dubai']);
    assert.deepEqual([...new Set(providersOf('azure-uaenorth'))], ['north']);
    for (const { inputs } of named(/^pulumi:providers:kubernetes$/)) {
      assert.equal(inputs.enableConfigMapMutable, 'true');
    }
  });

  it('gives pods on AWS the right to read, and to pull what they copy, by pod identity, and a way to its agent', () => {
    const associations = named(/:PodIdentityAssociation$/).map(({ inputs }) => [
      inputs.namespace,
      inputs.serviceAccount,
    ]);
    assert.deepEqual(associations, [
      ['uae-bank', 'fraud'],
      ['uae-bank', 'document-reader'],
      ['uae-bank', 'uae-images'],
    ]);
    const copier = named(/:CronJob$/).find(({ provider }) => provider === 'dubai');
    assert.match(JSON.stringify(copier?.inputs), /"serviceAccountName":"uae-images"/);
    const opened = named(/:NetworkPolicy$/).filter(({ name, inputs }) => {
      const isOnAws = name.startsWith('uae-bank/aws-me-central-1/');
      return isOnAws && JSON.stringify(inputs).includes('"169.254.170.23/32"');
    });
    assert.equal(opened.length, 1);
  });

  it('mounts the copy of the weights on Azure, where pods read it', () => {
    const volume = named(/:PersistentVolume$/)[0]?.inputs.spec as {
      readonly csi: { readonly volumeAttributes: Readonly<Record<string, string>> };
    };
    assert.equal(volume.csi.volumeAttributes.storageAccount, 'northmodels-name');
    const deployment = bed.registered.find(
      ({ name }) => name === 'uae-bank/azure-uaenorth/fraud/deployment',
    );
    assert.match(JSON.stringify(deployment?.inputs), /"claimName":"northmodels"/);
  });

  it('starts pods from the registries that are made, and fetches weights from the bucket', () => {
    const text = (name: string) =>
      JSON.stringify(bed.registered.find((r) => r.name === `uae-bank/${name}`)?.inputs);
    assert.match(
      text('aws-me-central-1/fraud/deployment'),
      /"image":"111122223333\.dkr\.ecr\.me-central-1\.amazonaws\.com\/dubai-images\/manara-server:/,
    );
    assert.match(text('azure-uaenorth/fraud/deployment'), /"image":"northimages\.azurecr\.io\//);
    assert.match(
      text('aws-me-central-1/fraud/deployment'),
      /s3:\/\/dubai-models-1a2b3c\/fraud\/2\//,
    );
  });

  it('lets the jobs that copy the weights read them, with tokens of their own cluster', () => {
    const role = bed.registered.find(
      ({ type, name }) => type === 'aws:iam/role:Role' && name === 'dubai-models-north',
    );
    assert.match(
      JSON.stringify(role?.inputs),
      /system:serviceaccount:uae-bank:fraud-weights[^]*system:serviceaccount:uae-bank:document-reader-weights/,
    );
    const jobs = named(/:CronJob$/).map(({ name, provider }) => `${name} ${provider}`);
    assert.deepEqual(jobs.sort(), [
      'uae-bank/aws-me-central-1/uae/job dubai',
      'uae-bank/azure-uaenorth/document-reader/weights-copy/job north',
      'uae-bank/azure-uaenorth/fraud/weights-copy/job north',
    ]);
  });

  it('says in its output what `manara synth --values` asks for', async () => {
    const { values } = bed.outputs;
    const known = await Promise.all(
      Object.entries(values).map(async ([name, value]) => [name, await settled(value)] as const),
    );
    assert.deepEqual(Object.fromEntries(known), {
      'dubai-models.uri': 's3://dubai-models-1a2b3c',
      'dubai-models-north.role': 'arn:dubai-models-north',
      'dubai-models-north.endpoint': 'https://bucket.dubai-net-s3.vpce.amazonaws.com',
      'dubai-models-north.tokenEndpoint': 'https://dubai-net-sts.vpce.amazonaws.com',
      'dubai-images.prefix': '111122223333.dkr.ecr.me-central-1.amazonaws.com/dubai-images',
      'northimages.prefix': 'northimages.azurecr.io',
      'uae-bank-northmodels.account': 'northmodels-name',
      'uae-bank-northmodels.clientId': 'client-of-north-kubelet',
    });
  });

  it('refuses networks that packets could not be routed between, and registers neither', async () => {
    const { registered, message } = await runRefused({
      ...settingsOf('production'),
      azureNetwork: '10.20.128.0/20',
    });
    assert.match(
      message,
      /"dubai-net": endpointClients\["north"\]\.range: expected a range apart from 10\.20\.0\.0\/16/,
    );
    assert.ok(registered.every(({ name }) => !name.includes('net')));
  });

  it('refuses a bucket outside of the zone before anything of it is registered', async () => {
    const { registered, message } = await recordRefusal(() => {
      const zone = bankZone(new App());
      const at = { zone, place: 'aws:me-central-1' } as const;
      const keys = new ServingKeys('keys', at);
      const availabilityZones = ['mec1-az1', 'mec1-az2'];
      const network = new ServingNetwork('net', {
        ...at,
        keys,
        cidr: '10.20.0.0/16',
        availabilityZones,
      });
      // @ts-expect-error The compiler refuses it first: Ireland is no BankPlace.
      new ModelBucket('abroad', { zone, place: 'aws:eu-west-1', keys, network });
    });
    assert.match(message, /MANARA_RESIDENCY/);
    assert.match(message, /aws:eu-west-1/);
    assert.deepEqual(
      registered.filter(({ name }) => name.includes('abroad')),
      [],
    );
  });
});

describe('manara audit --stack production', () => {
  it('sees Kubernetes and both clouds in one zone, and refuses nothing', function () {
    this.timeout(60_000);
    const cli = join(repositoryRoot, 'packages', 'cli', 'build', 'src', 'main.js');
    const args = [cli, 'audit', repositoryRoot, '--stack', 'production', '--json'];
    const printed = execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' });
    const [audit, ...others] = JSON.parse(printed) as readonly AuditJson[];
    assert.ok(audit);
    assert.deepEqual(others, []);
    assert.equal(audit.zone, 'uae-bank');
    assert.deepEqual(audit.violations, []);
    const owners = new Set(audit.flows.map(({ owner }) => owner));
    for (const owner of [
      'uae-bank/fraud',
      'uae-bank/document-reader',
      'uae-bank/aws:ModelBucket:dubai-models',
      'uae-bank/aws:EksServingCluster:dubai',
      'uae-bank/azure:ModelBucket:northmodels',
      'uae-bank/azure:AksServingCluster:north',
      'uae-bank/azure-uaenorth/northmodels-claim',
    ]) {
      assert.ok(owners.has(owner), owner);
    }
  });
});
