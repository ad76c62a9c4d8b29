import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { BankBed } from './bank-bed';
import { type SiteName, sites } from './bank-stacks';
import type { Recorded } from './cloud-providers/recorded-cloud';
import { assertAsSynthesized } from './synthesized';

/**
 * The whole life of everything: both clouds, as recorded by the stand-ins for their providers, and the
 * objects on the clusters that the clouds hand out. In order: each test goes on where the last ended.
 */
describe('the bank and the clouds that it stands on, with the real engine', function () {
  this.timeout(240_000);
  let bed: BankBed;
  let untouched: ReadonlyMap<SiteName, readonly string[]>;
  let resources: number;

  const recorded = (): readonly Recorded[] => [
    ...bed.engine.aws.resources,
    ...bed.engine.azure.resources,
  ];

  before(async function () {
    this.timeout(0);
    const started = await BankBed.start('production');
    if (started === undefined) return this.skip();
    bed = started;
    untouched = await bed.names();
  });

  after(async () => {
    await (bed as BankBed | undefined)?.stop();
  });

  it('previews both clouds and both sites before there is a cluster, and makes none of it', async () => {
    const preview = await bed.stack.preview();
    assert.ok(preview.succeeded, preview.messages);
    assert.deepEqual(Object.keys(preview.changes), ['create']);
    resources = preview.changes.create!;
    assert.deepEqual(await bed.names(), untouched);
    assert.deepEqual(recorded(), []);
  });

  it('makes all of it in one run', async () => {
    const up = await bed.stack.up();
    assert.ok(up.succeeded, up.messages);
    assert.deepEqual(up.changes, { create: resources });
  });

  it('starts the pods of each site from the registry, and on the weights, of its own cloud', async () => {
    const { aws, azure } = bed.engine;
    const bucket = aws.resource('aws:s3/bucket:Bucket', 'dubai-models').id;
    const registry = azure.resource('azure-native:containerregistry:Registry', 'northimages');
    const text = async (site: SiteName, apiVersion: string, kind: string, name: string) => {
      const document = { apiVersion, kind, metadata: { name, namespace: 'uae-bank' } };
      return JSON.stringify(await bed.api(site).get(document));
    };
    const dubai = await text('aws-me-central-1', 'apps/v1', 'Deployment', 'fraud');
    assert.ok(dubai.includes(`s3://${bucket}/fraud/2/model.onnx`), dubai);
    const deployment = await text('azure-uaenorth', 'apps/v1', 'Deployment', 'fraud');
    const image = `"image":${JSON.stringify(registry.outputs.loginServer).slice(0, -1)}/manara-server:`;
    assert.ok(deployment.includes(image), deployment);
    // Kubernetes' own controller finds the volume for the claim, in its own time.
    const claim = () => text('azure-uaenorth', 'v1', 'PersistentVolumeClaim', 'northmodels');
    while (!(await claim()).includes('"phase":"Bound"')) await delay(500);
  });

  it('changes nothing when it runs again', async () => {
    const up = await bed.stack.up();
    assert.ok(up.succeeded, up.messages);
    assert.deepEqual(up.changes, { same: resources });
  });

  it('finds nothing to refresh', async () => {
    const refresh = await bed.stack.refresh();
    assert.ok(refresh.succeeded, refresh.messages);
    assert.deepEqual(refresh.operations, []);
  });

  it('has made what `manara synth --values` writes with its outputs', async () => {
    await assertAsSynthesized(bed);
  });

  it('changes what a version of a model changes, and nothing of a cloud', async () => {
    await bed.stack.command('config', 'set', 'fraudVersion', '1');
    const up = await bed.stack.up();
    assert.ok(up.succeeded, up.messages);
    assert.deepEqual(up.changes, { same: resources - 4, update: 3, replace: 1 });
    const first = 'uae-bank/azure-uaenorth/fraud/weights-copy/first';
    assert.deepEqual(up.operations.map(({ op, name }) => `${op} ${name}`).sort(), [
      `create-replacement ${first}`,
      `delete-replaced ${first}`,
      `replace ${first}`,
      ...sites.map((site) => `update uae-bank/${site}/fraud/deployment`),
      'update uae-bank/azure-uaenorth/fraud/weights-copy/config',
    ]);
    const writes = [...bed.engine.aws.journal, ...bed.engine.azure.journal];
    assert.ok(writes.every(({ op }) => op === 'create'));
  });

  it('refuses a wrong setting in the preview, with the command that mends it', async () => {
    await bed.stack.command('config', 'set', 'awsAccount', '1111-2222-3333');
    const preview = await bed.stack.preview();
    assert.ok(!preview.succeeded);
    assert.match(
      preview.messages,
      /awsAccount: expected the 12 digits of an account of AWS; received "1111-2222-3333"\n {4}pulumi config set awsAccount 111122223333/,
    );
    await bed.stack.command('config', 'set', '--secret', 'awsAccount', '123456789012');
    const secret = await bed.stack.preview();
    assert.ok(!secret.succeeded);
    assert.match(
      secret.messages,
      /awsAccount: expected a value in the clear, as the state is to show it; received a secret\n {4}pulumi config set --plaintext awsAccount 111122223333/,
    );
    await bed.stack.command('config', 'set', '--plaintext', 'awsAccount', '111122223333');
  });

  it('leaves nothing behind when it is destroyed', async () => {
    const destroy = await bed.stack.destroy();
    assert.ok(destroy.succeeded, destroy.messages);
    assert.deepEqual(destroy.changes, { delete: resources });
    assert.deepEqual(await bed.names(), untouched);
    assert.deepEqual(recorded(), []);
    assert.deepEqual(bed.stack.state.resources ?? [], []);
  });
});
