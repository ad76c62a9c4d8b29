import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditJson } from '@manara/residency';
import { project } from './support/folders';
import { manara } from './support/manara';

const pulumiYaml = `
name: shop
runtime: nodejs
config:
  registry: { type: string }
  prefix: { default: models }
`;

/** A program with a component of a cloud, whose place is given, and an endpoint. */
const program = (place = 'aws:me-central-1'): string => `
import { Config } from '@pulumi/pulumi';
import { DataClass, Jurisdiction } from '@manara/residency';
import * as manara from '@manara/pulumi';
import { Duration } from 'cdk8s';

const config = new Config();
const zone = new manara.ResidencyZone('shop', {
  jurisdiction: Jurisdiction.AE_ONSHORE,
  places: ['aws:me-central-1'],
  data: [DataClass.PERSONAL],
});
class Store extends manara.CloudComponent {
  constructor(name, args) {
    super({ cloud: 'aws', name: 'Store', does: 'keeps weights', holds: ['Encrypted'] }, name, args, (self) => [
      manara.storageFlow(self, 'store', args.zone.data),
    ]);
  }
}
new Store('weights', { zone, place: '${place}' });
const site = new manara.Site('dubai', {
  zone,
  place: 'aws:me-central-1',
  images: new manara.ImageRegistry({ place: 'aws:me-central-1', prefix: config.require('registry') }),
  logs: manara.none('a test'), metrics: manara.none('a test'),
  traces: manara.none('a test'), backup: manara.none('a test'),
});
const bucket = new manara.ModelBucket({ place: 'aws:me-central-1', uri: 'pvc://' + config.require('prefix') });
const artifact = new manara.ModelArtifact({
  bucket, key: 'fraud/1/model.onnx', sha256: 'a'.repeat(64), sizeBytes: 1000,
});
new manara.ModelEndpoint('fraud', {
  zone, versions: [new manara.ModelVersion(1, artifact)], engine: manara.ServingEngine.onnx(),
  sites: [site], standby: manara.none('one site'),
  objective: { p99Latency: Duration.millis(100), availabilityPercent: 99 },
  traffic: { peakRequestsPerSecond: 5 },
});
export const url = 'an output, and no tree';
`;

const files = (main: string) => ({
  'Pulumi.yaml': pulumiYaml,
  'Pulumi.dev.yaml': 'config:\n  shop:registry: registry.shop.example\n',
  'index.ts': main,
});

describe('manara audit of a program of Pulumi', () => {
  it('sees Kubernetes and clouds together, with no engine and no credentials', async () => {
    const cwd = project(files(program()));
    const { code, stdout, stderr } = await manara(['audit', '--json', '--stack', 'dev'], { cwd });
    assert.equal(stderr, 'manara: reading .\n');
    assert.equal(code, 0);
    const [audit] = JSON.parse(stdout) as readonly AuditJson[];
    assert.equal(audit?.zone, 'shop');
    assert.deepEqual(
      audit.flows.map(({ kind, owner }) => `${kind} of ${owner}`),
      [
        'storage of shop/aws:Store:weights',
        ...['artifact', 'image', 'log', 'metric', 'trace', 'backup', 'standby'].map(
          (kind) => `${kind} of shop/fraud`,
        ),
      ],
    );
    assert.match(stdout, /registry\.shop\.example/);
  });

  it('ends with 1 over a component that is refused', async () => {
    const cwd = project(files(program('aws:eu-west-1')));
    const { code, stderr } = await manara(['audit', '--stack', 'dev'], { cwd });
    assert.equal(code, 1);
    assert.match(stderr, /storage flow of shop\/aws:Store:weights: .*aws:eu-west-1, outside zone/);
  });

  it('says which configuration is missing, and how a stack gives it', async () => {
    const cwd = project(files(program()));
    const { code, stderr } = await manara(['audit'], { cwd });
    assert.equal(code, 1);
    assert.match(stderr, /'shop:registry'/);
    assert.match(stderr, /--stack/);
  });

  it('refuses a stack that has no file, and one where there is no program of Pulumi', async () => {
    const cwd = project(files(program()));
    const unknown = await manara(['audit', '--stack', 'prod'], { cwd });
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /--stack: expected Pulumi\.prod\.yaml, found no such file/);
    const other = await manara(['audit', '--stack', 'dev'], { cwd: project({ 'main.ts': '' }) });
    assert.equal(other.code, 2);
    assert.match(other.stderr, /--stack: expected a Pulumi\.yaml/);
  });

  it('does not call a program without a tree compliant', async () => {
    const cwd = project(files('export const url = 1;'));
    const { code, stderr } = await manara(['audit'], { cwd });
    assert.equal(code, 1);
    assert.match(stderr, /index\.ts: expected deploy\(app\), or a component of @manara\/pulumi/);
  });
});

describe('manara dossier of a program of Pulumi', () => {
  it('has the components of clouds beside Kubernetes, and commands of Pulumi', async () => {
    const cwd = project({ ...files(program()), 'policy/PulumiPolicy.yaml': 'runtime: nodejs\n' });
    const { code, stderr } = await manara(['dossier', '--stack', 'dev'], { cwd });
    assert.equal(code, 0, stderr);
    const text = readFileSync(join(cwd, 'dossier', 'dossier.md'), 'utf8');
    assert.match(text, /\| Store weights \| aws:me-central-1 \| keeps weights \|/);
    assert.match(text, /\| Encrypted \| component `manara:aws:Store "weights"` of the stack \|/);
    assert.match(text, /pulumi up --stack dev/);
    assert.match(text, /pulumi preview --policy-pack policy --stack dev/);
  });
});
