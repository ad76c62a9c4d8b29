import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModelBucket, none, Peer, Site } from '@manara/constructs';
import * as manara from '@manara/pulumi';
import { DataClass, Jurisdiction } from '@manara/residency';
import { Duration } from 'cdk8s';
import * as azure from '../src';
import { record } from './support/fixtures';
import { offerings } from './support/skus';

/** The pages' examples: one program, in the order of the pages' list. */
function examples(): void {
  const zone = new manara.ResidencyZone('bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: ['azure:uaenorth', 'aws:me-central-1'],
    data: [DataClass.PERSONAL],
  });
  const at = { zone, place: 'azure:uaenorth', resourceGroupName: 'serving' } as const;

  const network = new azure.ServingNetwork('net', { ...at, cidr: '10.30.0.0/16' });

  new azure.ServingNetwork('shared', {
    ...at,
    cidr: '10.32.0.0/16',
    endpointClients: { dubai: { place: 'aws:me-central-1', range: '10.20.0.0/16' } },
  });

  const keys = new azure.ServingKeys('keys', { ...at, network, rotationDays: 180 });

  const images = new azure.ImageRegistry('images', {
    ...at,
    network,
    keys,
    systemImages: none("AKS's images come from Microsoft; accepted in risk 2026-114"),
  });

  const cluster = new azure.AksServingCluster('dubai', {
    ...at,
    network,
    keys,
    registry: images,
    adminGroupObjectIds: ['6f1b6c0e-0000-4000-8000-3a5f1f2a9c11'],
    systemVmSize: 'Standard_D4s_v5',
  });

  const models = new azure.ModelBucket('models', { ...at, network, keys });
  const site = new Site(zone, 'dubai', {
    place: 'azure:uaenorth',
    images: images.registry,
    logs: none('read on the node'),
    metrics: none('not collected'),
    traces: none('not collected'),
    backup: none('can be trained again'),
  });
  models.mount(site, cluster);

  const original = new ModelBucket({
    place: 'aws:me-central-1',
    uri: 's3://bank-models',
    peer: Peer.addresses('10.20.0.0/24'),
  });
  const copies = new azure.ModelBucket('copies', {
    ...at,
    network,
    keys,
    copy: {
      from: original,
      every: Duration.minutes(10),
      access: { role: 'arn:aws:iam::111122223333:role/weights-north' },
    },
  });
  copies.mount(site, cluster);

  new azure.CpuNodePool('cpu', {
    ...at,
    cluster,
    vmSize: 'Standard_D8s_v5',
    nodes: { min: 2, max: 10 },
    spot: { floor: 2 },
  });

  new azure.GpuNodePool('gpu', {
    ...at,
    cluster,
    vmSize: 'Standard_NC24ads_A100_v4',
    nodes: { min: 0, max: 2 },
    offerings,
    quotaVcpus: 48,
  });

  new azure.Guardrails('guard', { zone, place: 'azure:uaenorth', scope: '/subscriptions/<id>' });

  new azure.FailoverRecord('serve', {
    ...at,
    dns: none('it holds names and addresses only; accepted in risk 2026-115'),
    label: 'bank-serving',
    endpoints: [
      { name: 'azure', place: 'azure:uaenorth', target: 'dubai.bank.example' },
      { name: 'aws', place: 'aws:me-central-1', target: 'second.bank.example' },
    ],
  });
}

const folder = join(__dirname, '../../../../docs/azure');
const pages = readdirSync(folder)
  .filter((file) => file.endsWith('.md'))
  .map((file) => [file, readFileSync(join(folder, file), 'utf8')] as const);
const words = (text: string): string => text.replaceAll(/\s+/g, ' ');
const source = words(readFileSync(join(__dirname, '../../test/docs.test.ts'), 'utf8'));

/** Components that a program can make. */
const components = Object.keys(azure).filter(
  (name) => name !== 'AzureComponent' && /^[A-Z]/.test(name),
);

describe('docs/azure', () => {
  it('has a page for every component, which the list names', () => {
    const kebab = (name: string) => name.replaceAll(/(?<!^)[A-Z]/g, '-$&').toLowerCase();
    const expected = components.map((name) => `${kebab(name)}.md`).sort();
    assert.deepEqual(pages.map(([file]) => file).sort(), ['README.md', ...expected].sort());
    const list = pages.find(([file]) => file === 'README.md')?.[1] ?? '';
    for (const file of expected) assert(list.includes(`(${file})`), file);
  });

  for (const [file, page] of pages) {
    it(`shows on ${file} what compiles`, () => {
      const blocks = [...page.matchAll(/```ts\n([^]*?)```/g)].map(([, text = '']) =>
        text.replaceAll(/^import .*\n/gm, ''),
      );
      assert(blocks.length > 0, 'no example');
      for (const block of blocks) {
        assert(source.includes(words(block).trim()), block);
      }
    });
  }

  it('shows what runs: every component, each of the zone’s own places', async () => {
    const { registered } = await record(examples);
    const made = registered.flatMap(({ type }) => /^manara:azure:(.*)$/.exec(type)?.[1] ?? []);
    assert.deepEqual([...new Set(made)].sort(), [...components].sort());
  });
});
