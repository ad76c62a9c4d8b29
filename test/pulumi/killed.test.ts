import assert from 'node:assert/strict';
import type { StoredObject } from '../bed/api-server';
import { nameOf } from '../support/documents';
import { BankBed, type SiteName, sites } from './bank-bed';
import { operationOf } from './events';
import { everything } from './inventory';
import { killTree } from './kill-tree';
import { random } from './random';
import type { Outcome, StackState } from './stack';
import { assertAsSynthesized } from './synthesized';

/** How often; more in the nightly run. */
const times = Number(process.env.MANARA_PULUMI_KILLS ?? 3);
const seed = Number(process.env.MANARA_SEED ?? 1);

/**
 * What docs/pulumi.md tells somebody to do whose `pulumi up` was killed. The state of such an update
 * lags behind the clusters: objects may be there that it does not know.
 */
describe(`the bank after ${times} × SIGKILL in the middle of up, seed ${seed}`, function () {
  this.timeout(180_000);
  const next = random(seed);
  let bed: BankBed;
  let whole: Snapshot;

  before(async function () {
    this.timeout(0);
    const started = await BankBed.start();
    if (started === undefined) return this.skip();
    bed = started;
    expectSuccess(await bed.stack.up());
    whole = await snapshot(bed);
    expectSuccess(await bed.stack.destroy());
  });

  after(async () => {
    await (bed as BankBed | undefined)?.stop();
  });

  afterEach(async () => {
    expectSuccess(await bed.stack.destroy());
  });

  for (let i = 1; i <= times; i++) {
    // Of the 34 resources that a provider makes, and of the time that making one takes.
    const point = 1 + Math.floor(next() * 34);
    const delayMillis = Math.floor(next() * 150);

    it(`ends in the same state when resource ${point} was begun ${delayMillis} ms before`, async () => {
      let begun = 0;
      const killed = await bed.stack.up({
        onEvent: (event, { pid }) => {
          const operation = operationOf(event);
          if (operation?.type.includes('kubernetes') !== true) return;
          begun += 1;
          if (begun === point) setTimeout(killTree, delayMillis, pid!);
        },
      });
      assert.ok(!killed.succeeded && begun >= point, `began ${begun} of ${point}`);

      await bed.stack.command('cancel', '--yes');
      expectSuccess(await bed.stack.refresh({ args: ['--clear-pending-creates'] }));
      expectSuccess(await bed.stack.up({ env: { PULUMI_K8S_UPSERT_EXISTING_OBJECTS: 'true' } }));

      // Takes the option back; nothing else is left to do.
      const after = await bed.stack.up();
      expectSuccess(after);
      assert.deepEqual(
        after.operations.filter(({ type }) => type !== 'pulumi:providers:kubernetes'),
        [],
      );
      assert.deepEqual(await snapshot(bed), whole);
      assert.deepEqual(bed.stack.state.pending_operations ?? [], []);
      await assertAsSynthesized(bed);
    });
  }
});

interface Snapshot {
  /** URNs, ids and inputs of what the state knows. */
  readonly state: readonly string[];
  /** Names of what each cluster holds, apart from what its controllers made of it. */
  readonly objects: ReadonlyMap<SiteName, readonly string[]>;
}

async function snapshot(bed: BankBed): Promise<Snapshot> {
  const exported = await bed.stack.command('stack', 'export', '--show-secrets');
  const { deployment } = JSON.parse(exported) as { readonly deployment: StackState };
  const state = (deployment.resources ?? [])
    // A provider's id is random.
    .filter(({ urn }) => !urn.includes('pulumi:providers:'))
    .map(({ urn, id, inputs }) => JSON.stringify({ urn, id, inputs }))
    .sort();
  const objects = new Map<SiteName, readonly string[]>();
  for (const site of sites) {
    const found = await everything(bed.api(site));
    objects.set(site, found.filter(isProgrammed).map(nameOf).sort());
  }
  return { state, objects };
}

/** Not what a controller made. */
function isProgrammed({ kind, metadata }: StoredObject): boolean {
  const { name, namespace, ownerReferences } = metadata as StoredObject['metadata'] & {
    readonly ownerReferences?: unknown;
  };
  const isOfBank = namespace === 'uae-bank' || (kind === 'Namespace' && name === 'uae-bank');
  return isOfBank && ownerReferences === undefined && kind !== 'Endpoints';
}

function expectSuccess({ succeeded, messages }: Outcome): void {
  assert.ok(succeeded, messages);
}
