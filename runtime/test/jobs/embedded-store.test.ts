import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { answerId } from '../../src/idempotency/answer-id';
import { EmbeddedStore } from '../../src/jobs/embedded/embedded-store';
import { maxBytes, newJob, storeContract } from './store-contract';

describe('EmbeddedStore', () => {
  let folder: string;
  const open = (): Promise<EmbeddedStore> => EmbeddedStore.open({ folder, maxBytes });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'manara-jobs-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  describe('as a store of jobs', () => {
    storeContract(open);
  });

  it('queues what was under way when it was closed', async () => {
    const before = await open();
    await before.add(newJob('a'));
    await before.add(newJob('b'));
    await before.take(2000);
    await before.close();
    const after = await open();
    const job = await after.get('a');
    assert.equal(job?.state, 'queued');
    assert.equal(job.attempts, 1);
    // One that may have taken a server down lets the others go first.
    assert.equal((await after.take(3000))?.id, 'b');
    assert.equal((await after.take(3000))?.id, 'a');
    await after.close();
  });

  it('refuses a folder that another server uses', async () => {
    const store = await open();
    await assert.rejects(open(), {
      name: 'StartError',
      message: `the folder of jobs ${folder} cannot be used: another server uses it; give each server a folder of its own, or several a Redis`,
    });
    await store.close();
  });

  it('refuses what is asked of it once it is closed', async () => {
    const store = await open();
    await store.close();
    await assert.rejects(store.get('a'), { code: 'JOB_STORE_AWAY', httpStatus: 503 });
  });

  it('writes what comes in at once side by side', async () => {
    const store = await open();
    const ids = Array.from({ length: 200 }, (_, i) => `job ${i}`);
    await Promise.all(ids.map((id) => store.add(newJob(id))));
    assert.equal((await store.list('ann', 500)).jobs.length, 200);
    await store.close();
  });

  it('opens what an earlier version kept, whose answers count as well', async () => {
    const before = await open();
    await before.add(newJob('a'));
    const large = Buffer.alloc(maxBytes / 5);
    const until = Date.now() + 60_000;
    await before.beginAnswer(answerId('ann', 'k'), 'p', Date.now(), until);
    await before.keepAnswer(answerId('ann', 'k'), 'p', large, until);
    await before.close();
    const file = new DatabaseSync(join(folder, 'jobs.db'));
    // It did not tell whose answers are.
    file.exec(`
      DROP TRIGGER answer_counted; DROP TRIGGER answer_uncounted; DROP TABLE answered;
      UPDATE answer SET id = '${'0'.repeat(64)}';
    `);
    file.close();
    const after = await open();
    assert.equal((await after.take(2000))?.id, 'a');
    await after.beginAnswer(answerId('bob', 'k'), 'p', Date.now(), until);
    await after.keepAnswer(answerId('bob', 'k'), 'p', large, until);
    const old = await after.beginAnswer('0'.repeat(64), 'p', Date.now(), until);
    assert.equal(old.kind, 'new', 'it had to go for the other');
    await after.close();
  });
});
