import assert from 'node:assert/strict';
import type { StoredObject } from '../bed/api-server';
import { nameOf } from '../support/documents';
import { BankBed } from './bank-bed';
import { type SiteName, sites } from './bank-stacks';
import { type Operation, operationOf } from './events';
import { everything } from './inventory';
import { killTree } from './kill-tree';
import { random } from '../support/random';
import type { Outcome, StackState } from './stack';
import { assertAsSynthesized } from './synthesized';

/** How often while everything is made; more in the nightly run. */
const times = Number(process.env.MANARA_PULUMI_KILLS ?? 3);
/** How often while a version changes. */
const changeTimes = Math.ceil(times / 4);
const seed = Number(process.env.MANARA_SEED ?? 1);

/**
 * What docs/pulumi.md tells somebody to do whose `pulumi up` was killed. The state of such an update
 * lags behind the clusters: objects may be there that it does not know.
 */
describe(`the bank after SIGKILL in the middle of up, seed ${seed}`, function () {
  this.timeout(180_000);
  const next = random(seed);
  let bed: BankBed;
  let whole: Snapshot;
  let older: Snapshot;
  /** How many resources an update begins that nobody kills. */
  const begins = { making: 0, changing: 0 };
  let interrupted = 0;

  before(async function () {
    this.timeout(0);
    const started = await BankBed.start();
    if (started === undefined) return this.skip();
    bed = started;
    begins.making = begunBy(await bed.stack.up());
    whole = await snapshot(bed);
    await setVersion(bed, 1);
    begins.changing = begunBy(await bed.stack.up());
    older = await snapshot(bed);
    await setVersion(bed, 2);
    expectSuccess(await bed.stack.destroy());
  });

  after(async () => {
    await (bed as BankBed | undefined)?.stop();
  });

  afterEach(async () => {
    await setVersion(bed, 2);
    expectSuccess(await bed.stack.destroy());
  });

  /** Kills `up` some time after a share of its resources was begun. */
  const killUp = async (of: keyof typeof begins, { share, delayMillis }: Point): Promise<void> => {
    const resources = 1 + Math.floor(share * begins[of]);
    let begun = 0;
    const { succeeded } = await bed.stack.up({
      onEvent: (event, { pid }) => {
        const operation = operationOf(event);
        if (operation === undefined || !isCounted(operation)) return;
        begun += 1;
        if (begun === resources) setTimeout(killTree, delayMillis, pid!);
      },
    });
    assert.ok(begun >= resources, `began ${begun} of ${resources}`);
    if (!succeeded) interrupted += 1;
  };

  /** The steps of the docs. The last takes the option back, and finds nothing else to do. */
  const recover = async (): Promise<void> => {
    await bed.stack.command('cancel', '--yes');
    expectSuccess(await bed.stack.refresh({ args: ['--clear-pending-creates'] }));
    expectSuccess(await bed.stack.up({ env: { PULUMI_K8S_UPSERT_EXISTING_OBJECTS: 'true' } }));
    const last = await bed.stack.up();
    expectSuccess(last);
    assert.deepEqual(
      last.operations.filter(({ type }) => type !== 'pulumi:providers:kubernetes'),
      [],
    );
    assert.deepEqual(bed.stack.state.pending_operations ?? [], []);
  };

  for (const point of points(next, times)) {
    it(`has made the same, killed ${described(point)}`, async () => {
      await killUp('making', point);
      await recover();
      assert.deepEqual(await snapshot(bed), whole);
      await assertAsSynthesized(bed);
    });
  }

  for (const point of points(next, changeTimes)) {
    it(`has changed the same, killed ${described(point)}`, async () => {
      expectSuccess(await bed.stack.up());
      await setVersion(bed, 1);
      await killUp('changing', point);
      await recover();
      assert.deepEqual(await snapshot(bed), older);
      // The clusters are as the state says.
      assert.equal((await bed.stack.refresh()).changes.update, undefined);
    });
  }

  it('was killed in time, more often than not', () => {
    const kills = times + changeTimes;
    assert.ok(interrupted * 2 >= kills, `${interrupted} of ${kills} kills came before the end`);
  });
});

/** Where an update is killed. */
interface Point {
  /** Of the resources that the update begins, those before the one that starts the delay: 0 to 1. */
  readonly share: number;
  readonly delayMillis: number;
}

/** The delay is about what one resource takes. */
function points(next: () => number, count: number): readonly Point[] {
  return Array.from({ length: count }, () => ({
    share: next(),
    delayMillis: Math.floor(next() * 150),
  }));
}

function described({ share, delayMillis }: Point): string {
  return `${delayMillis} ms after ${Math.floor(share * 100)} % of it was begun`;
}

/** What a provider of Kubernetes makes, and the providers. */
function isCounted({ type }: Operation): boolean {
  return type.includes('kubernetes');
}

function begunBy(outcome: Outcome): number {
  expectSuccess(outcome);
  return outcome.operations.filter(isCounted).length;
}

async function setVersion({ stack }: BankBed, version: 1 | 2): Promise<void> {
  await stack.command('config', 'set', 'fraudVersion', String(version));
}

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
