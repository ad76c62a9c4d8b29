import assert from 'node:assert/strict';
import { chartObjects } from '@manara/constructs';
import { settled } from '@manara/pulumi-testing';
import { isSecret } from '@pulumi/pulumi';
import { App } from 'cdk8s';
import { bank } from '../bank';
import { existingStores, type StoreAddresses } from '../stores';
import { bankZone } from '../zone';
import { run, type Run, settingsOf } from './support/stack';
import { texts } from './support/texts';

const addresses: StoreAddresses = {
  modelBucket: 's3://models-of-the-test',
  modelReaderRole: 'arn:aws:iam::444455556666:role/reader-of-the-test',
  modelCopyRole: 'arn:aws:iam::444455556666:role/copier-of-the-test',
  awsRegistry: '444455556666.dkr.ecr.me-central-1.amazonaws.com/test',
  azureRegistry: 'registryofthetest.azurecr.io/test',
};

describe('the stack for development', () => {
  let bed: Run;

  before(async () => {
    bed = await run({ ...settingsOf('development'), ...addresses });
  });

  it('is what its file says', async () => {
    const { registered } = await run(settingsOf('development'));
    assert.ok(registered.length > 0);
  });

  it('registers every object of both sites, and nothing of a cloud', () => {
    const early = new App();
    bank(bankZone(early), existingStores(addresses));
    const expected = chartObjects(early).flatMap(({ objects }) => objects.map((o) => o.manifest));
    const objects = bed.registered.filter((r) => r.type.startsWith('kubernetes:'));
    assert.deepEqual(texts(objects.map((o) => revealed(o.inputs))), texts(expected));
    assert.deepEqual(
      bed.registered.filter(({ type }) => /^(manara:)?(aws|azure)/.test(type)),
      [],
    );
  });

  it('sends each site to the cluster of its own context', () => {
    const clusters = bed.registered.filter((r) => r.type === 'pulumi:providers:kubernetes');
    assert.deepEqual(
      clusters.map(({ name, inputs }) => [name, inputs]),
      [
        ['aws-me-central-1', { context: 'aws-me-central-1', enableConfigMapMutable: 'true' }],
        ['azure-uaenorth', { context: 'azure-uaenorth', enableConfigMapMutable: 'true' }],
      ],
    );
    for (const site of ['aws-me-central-1', 'azure-uaenorth']) {
      const objects = bed.registered.filter((r) => r.name.startsWith(`uae-bank/${site}/`));
      const providers = objects.map((r) => r.provider).filter((provider) => provider !== '');
      assert.deepEqual([...new Set(providers)], [site]);
    }
  });

  it('makes a component of each site, and of each endpoint on it', () => {
    const components = bed.registered.filter((r) => r.type.startsWith('manara:'));
    assert.deepEqual(components.map((r) => `${r.type} ${r.name}`).sort(), [
      'manara:index:ModelEndpoint uae-bank/aws-me-central-1/document-reader',
      'manara:index:ModelEndpoint uae-bank/aws-me-central-1/fraud',
      'manara:index:ModelEndpoint uae-bank/azure-uaenorth/document-reader',
      'manara:index:ModelEndpoint uae-bank/azure-uaenorth/fraud',
      'manara:index:ServingStack uae-bank/aws-me-central-1/uae',
      'manara:index:Site uae-bank/aws-me-central-1',
      'manara:index:Site uae-bank/azure-uaenorth',
    ]);
  });

  it('keeps both roles secret, in the clusters’ objects and in its output', async () => {
    const account = bed.registered.find((r) =>
      r.name.endsWith('aws-me-central-1/fraud/service-account'),
    );
    const { annotations } = account?.inputs.metadata as { readonly annotations: unknown };
    assert.deepEqual(annotations, {
      'eks.amazonaws.com/role-arn': { secret: addresses.modelReaderRole },
    });
    const jobs = bed.registered.filter(({ name }) => /\/weights-copy\/(job|first)$/.test(name));
    assert.equal(jobs.length, 4);
    for (const { inputs } of jobs) {
      const text = JSON.stringify(inputs);
      const role = JSON.stringify({
        name: 'AWS_ROLE_ARN',
        value: { secret: addresses.modelCopyRole },
      });
      assert.equal(text.split(role).length, 2);
      assert.equal(text.split(addresses.modelCopyRole).length, 2);
    }
    assert.deepEqual(Object.keys(bed.outputs.values).sort(), ['modelCopyRole', 'modelReaderRole']);
    for (const role of ['modelCopyRole', 'modelReaderRole'] as const) {
      const value = bed.outputs.values[role];
      assert.ok(value);
      assert.equal(await settled(value), addresses[role]);
      assert.equal(await isSecret(value), true);
    }
  });
});

/** Inputs without the marks of secrets; a pod's volume, which has a name besides, is none. */
function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== 'object' || value === null) return value;
  if ('secret' in value && Object.keys(value).length === 1) return value.secret;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealed(item)]));
}
