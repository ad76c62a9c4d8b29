import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BankBed } from './bank-bed';
import { secretRoles, type SiteName, sites } from './bank-stacks';
import type { Operation } from './events';
import { operationLines, type Outcome } from './stack';
import { assertAsSynthesized } from './synthesized';

/** The whole life of the root's Pulumi.yaml, in order: each test goes on where the last one ended. */
describe('the bank with the real engine, on two clusters', function () {
  this.timeout(120_000);
  let bed: BankBed;
  let untouched: ReadonlyMap<SiteName, readonly string[]>;
  const said: Outcome[] = [];
  const keep = (outcome: Outcome): Outcome => {
    said.push(outcome);
    return outcome;
  };

  before(async function () {
    this.timeout(0);
    const started = await BankBed.start();
    if (started === undefined) return this.skip();
    bed = started;
    untouched = await bed.names();
  });

  after(async () => {
    await (bed as BankBed | undefined)?.stop();
  });

  it('previews every object of both sites, secrets hidden, and makes none', async () => {
    const preview = await bed.stack.command('preview', '--diff');
    assert.match(preview, new RegExp(`\\+ ${resources} to create`));
    assert.match(preview, /eks\.amazonaws\.com\/role-arn: \[secret\]/);
    for (const role of Object.values(secretRoles)) assert.ok(!preview.includes(role));
    assert.deepEqual(await bed.names(), untouched);
  });

  it('makes them', async () => {
    const up = keep(await bed.stack.up());
    assert.ok(up.succeeded, up.messages);
    assert.deepEqual(up.changes, { create: resources });
  });

  it('changes nothing when it runs again', async () => {
    const up = keep(await bed.stack.up());
    assert.ok(up.succeeded, up.messages);
    assert.deepEqual(up.changes, { same: resources });
  });

  it('finds nothing to refresh', async () => {
    const refresh = keep(await bed.stack.refresh());
    assert.ok(refresh.succeeded, refresh.messages);
    assert.deepEqual(refresh.changes, { same: resources });
    const up = keep(await bed.stack.up());
    assert.deepEqual(up.changes, { same: resources });
  });

  it('has made what `manara synth --values` writes with the same outputs', async () => {
    await assertAsSynthesized(bed);
  });

  it('changes the Deployments and the copying of a model that goes back a version, and no more', async () => {
    await bed.stack.command('config', 'set', 'fraudVersion', '1');
    const preview = keep(await bed.stack.preview());
    const up = keep(await bed.stack.up());
    assert.ok(up.succeeded, up.messages);
    assert.deepEqual(up.changes, { same: resources - 4, update: 3, replace: 1 });
    assert.deepEqual(operationLines(preview), operationLines(up));
    assert.deepEqual(
      operationLines(up),
      [
        // The startup of one model takes less time than that of two.
        ...sites.map(
          (site) =>
            `update uae-bank/${site}/fraud/deployment: spec.progressDeadlineSeconds spec.template.metadata.annotations["manara.dev/config"]`,
        ),
        // What is not served any more is not copied any more, and another content is another Job.
        'update uae-bank/azure-uaenorth/fraud/weights-copy/config: data["config.json"]',
        `create-replacement ${firstCopy}: metadata.name`,
        `replace ${firstCopy}: metadata.name`,
        `delete-replaced ${firstCopy}: `,
      ].sort(),
    );
  });

  it('finds what somebody else changed, names the conflict, and undoes it if told to', async () => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'fraud', namespace: 'uae-bank' },
    };
    const api = bed.api('azure-uaenorth');
    const path = `${await api.pathOf(service)}?fieldManager=somebody`;
    const drift = { metadata: { labels: { 'app.kubernetes.io/part-of': 'another' } } };
    const { status } = await api.request('PATCH', path, drift, 'application/merge-patch+json');
    assert.equal(status, 200);

    const refresh = keep(await bed.stack.refresh());
    assert.deepEqual(refresh.changes, { same: resources - 1, update: 1 });
    const refused = keep(await bed.stack.up());
    assert.ok(!refused.succeeded);
    assert.match(
      refused.messages,
      /Service uae-bank\/fraud: Apply failed with 1 conflict: conflict with "somebody".*part-of/,
    );
    const forced = keep(await bed.stack.up({ env: { PULUMI_K8S_ENABLE_PATCH_FORCE: 'true' } }));
    assert.ok(forced.succeeded, forced.messages);
    assert.equal(
      (await api.get(service)).metadata.labels?.['app.kubernetes.io/part-of'],
      'uae-bank',
    );
    const after = keep(await bed.stack.up());
    assert.deepEqual(kubernetesOperations(after), []);
  });

  it('shows secrets in the clusters only: not in the state, nor in what is printed', async () => {
    const account = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'fraud', namespace: 'uae-bank' },
    };
    const { metadata } = await bed.api('aws-me-central-1').get(account);
    const { annotations } = metadata as { readonly annotations?: Record<string, string> };
    assert.equal(annotations?.['eks.amazonaws.com/role-arn'], secretRoles.modelReaderRole);
    const job = {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'fraud-weights', namespace: 'uae-bank' },
    };
    const copying = JSON.stringify(await bed.api('azure-uaenorth').get(job));
    assert.ok(copying.includes(secretRoles.modelCopyRole));

    assert.match(bed.stack.stateText, /eks\.amazonaws\.com\/role-arn/);
    assert.match(bed.stack.stateText, /AWS_ROLE_ARN/);
    const files = filesBelow(join(bed.engine.folder, 'state'));
    for (const role of Object.values(secretRoles)) {
      for (const file of files) assert.ok(!readFileSync(file, 'utf8').includes(role), file);
      for (const { printed } of said) assert.ok(!printed.includes(role));
    }
  });

  it('leaves nothing behind when it is destroyed', async () => {
    const destroy = keep(await bed.stack.destroy());
    assert.ok(destroy.succeeded, destroy.messages);
    assert.deepEqual(destroy.changes, { delete: resources });
    assert.deepEqual(await bed.names(), untouched);
    assert.deepEqual(bed.stack.state.resources ?? [], []);
  });
});

const firstCopy = 'uae-bank/azure-uaenorth/fraud/weights-copy/first';

/** The stack, two providers, seven components and 41 objects. */
const resources = 51;

function kubernetesOperations({ operations }: Outcome): readonly Operation[] {
  return operations.filter(({ type }) => type.startsWith('kubernetes:'));
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
