import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { record } from '@manara/pulumi-testing';
import { DataClass, Jurisdiction } from '@manara/residency';
import { Provider } from '@pulumi/kubernetes/provider';
import { output } from '@pulumi/pulumi';
import { Duration } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import * as manara from '../src';

/** What the page takes for granted. */
const repository = { repositoryUrl: output('registry.bank.example/serving') };
const sha256 = 'a'.repeat(64);
const sizeBytes = 1_000_000;
const models = { bucket: output('bank-models') };
class Redis extends Construct {
  constructor(scope: Construct, id: string, { image }: { readonly image: string }) {
    super(scope, id);
    const containers = [{ image, portNumber: 6379 }];
    new Deployment(this, 'deployment', { containers });
  }
}

/** The page's examples. */
function examples(): void {
  const cluster = new Provider('cluster', { context: 'dubai' });

  const zone = new manara.ResidencyZone('bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: ['aws:me-central-1'],
    data: [DataClass.PERSONAL],
  });
  const images = new manara.ImageRegistry({
    place: 'aws:me-central-1',
    prefix: repository.repositoryUrl,
  });
  const site = new manara.Site(
    'dubai',
    {
      zone,
      place: 'aws:me-central-1',
      images,
      logs: manara.none('read on the node'),
      metrics: manara.none('not collected'),
      traces: manara.none('not collected'),
      backup: manara.none('can be trained again'),
    },
    { provider: cluster },
  );
  const bucket = new manara.ModelBucket({
    place: 'aws:me-central-1',
    uri: models.bucket.apply((name) => `s3://${name}`),
    peer: manara.Peer.addresses('10.20.0.0/24'),
  });
  new manara.ModelEndpoint('fraud', {
    zone,
    versions: [
      new manara.ModelVersion(
        1,
        new manara.ModelArtifact({ bucket, key: 'fraud/1/model.onnx', sha256, sizeBytes }),
      ),
    ],
    engine: manara.ServingEngine.onnx(),
    sites: [site],
    standby: manara.none('one site'),
    objective: { p99Latency: Duration.millis(50), availabilityPercent: 99 },
    traffic: { peakRequestsPerSecond: 100 },
  });

  new manara.ConstructComponent('acme:cache:Redis', 'cache', {
    site,
    build: (scope, id) => new Redis(scope, id, { image: images.image('redis', '8') }),
  });
}

describe('docs/pulumi.md', () => {
  const page = readFileSync(join(__dirname, '../../../../docs/pulumi.md'), 'utf8');
  const section = /^## Piece by piece[^]*?(?=^## )/m.exec(page)?.[0] ?? '';
  const words = (text: string) => text.replaceAll(/\s+/g, ' ');
  const source = words(readFileSync(join(__dirname, '../../test/docs.test.ts'), 'utf8'));

  it('shows the components as they compile', () => {
    const blocks = [...section.matchAll(/```ts\n([^]*?)```/g)].map(([, text = '']) =>
      text.replaceAll(/^import .*\n/gm, ''),
    );
    assert.equal(blocks.length, 2);
    for (const block of blocks) assert(source.includes(words(block).trim()), block);
  });

  it('shows what runs', async () => {
    const { registered } = await record(examples);
    assert.deepEqual(
      registered
        .filter(({ type }) => /^(manara|acme):/.test(type))
        .map(({ type }) => type)
        .sort(),
      ['acme:cache:Redis', 'manara:index:ModelEndpoint', 'manara:index:Site'],
    );
  });
});
