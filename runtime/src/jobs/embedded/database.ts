import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { join } from 'node:path';
import { errors } from '../../errors';
import { answerOverhead, type Begun } from '../../idempotency/answer-store';
import type { Delivery, Ending, Job, NewJob, Progress, StoredReply } from '../job';
import { answerShare, leftToResults } from '../shares';
import type { JobPage, Swept } from '../store';
import { jobOf, type JobRow } from './rows';
import { schema } from './schema';

/** Bytes that the journal keeps between transactions: enough for the next to need no new ones. */
const journalBytes = 1024 * 1024;

/** Rows that one sweep takes away: the next one goes on. */
const sweepRows = 500;

const pending: Delivery = { state: 'pending', attempts: 0 };

type Value = string | number | null | Uint8Array;

/**
 * The methods of `JobStore` on a SQLite file, synchronous, each to be called inside a transaction.
 *
 * The lock on the file is held for as long as it is open, and the system gives it up however the
 * process ends; so at open nothing runs, and what is marked as running was interrupted.
 *
 * The journal is that of the pages before the change: a write-ahead log takes half the time for small
 * bodies, but needs room for what is deleted, and on a full disk that is what matters.
 */
export class JobDatabase {
  private readonly db: DatabaseSyncInstance;
  private readonly statements = new Map<string, ReturnType<DatabaseSyncInstance['prepare']>>();

  /** @throws Error where the file is another server's, or cannot be used. */
  constructor(
    folder: string,
    private readonly maxBytes: number,
  ) {
    this.db = new DatabaseSync(join(folder, 'jobs.db'));
    this.db.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = PERSIST;
      PRAGMA synchronous = FULL;
      PRAGMA journal_size_limit = ${journalBytes};
    `);
    this.transaction(() => {
      this.db.exec(schema);
      this.run("UPDATE job SET state = 'queued' WHERE state = 'running'");
      this.run('DELETE FROM answer WHERE bytes IS NULL');
    });
  }

  /** @throws what `work` or the commit threw; nothing is changed then. */
  transaction<T>(work: () => T): T {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.db.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite has rolled back by itself where the disk is full.
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }

  /** A part of a transaction that is undone alone. */
  attempt<T>(work: () => T): T {
    this.db.exec('SAVEPOINT part');
    try {
      const result = work();
      this.db.exec('RELEASE part');
      return result;
    } catch (error) {
      if (this.db.isTransaction) this.db.exec('ROLLBACK TO part; RELEASE part');
      throw error;
    }
  }

  add(job: NewJob): Job | undefined {
    const there = this.get(job.id);
    if (there !== undefined) return there;
    this.checkRoom(job.input.byteLength, this.maxBytes * (1 - leftToResults));
    const { id, caller, fingerprint, callback = null, createdAt } = job;
    this.run(
      'INSERT INTO job (id, caller, request, fingerprint, callback, created_at) VALUES (?, ?, ?, ?, ?, ?)',
      id,
      caller,
      JSON.stringify(job.request),
      fingerprint,
      callback,
      createdAt,
    );
    this.addBody(id, 'input', {}, job.input);
    return undefined;
  }

  get(id: string): Job | undefined {
    const row = this.first('SELECT * FROM job WHERE id = ?', id) as JobRow | undefined;
    return row === undefined ? undefined : jobOf(row);
  }

  list(caller: string, limit: number, after?: string): JobPage {
    const before = after === undefined ? Number.MAX_SAFE_INTEGER : Number(after);
    const rows = this.all(
      'SELECT * FROM job WHERE caller = ? AND seq < ? ORDER BY seq DESC LIMIT ?',
      caller,
      before,
      limit + 1,
    ) as readonly JobRow[];
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const next = rows.length > limit && last !== undefined ? String(last.seq) : undefined;
    return { jobs: page.map(jobOf), next };
  }

  input(id: string): Uint8Array | undefined {
    return (
      this.first("SELECT bytes FROM body WHERE id = ? AND part = 'input'", id) as
        { readonly bytes: Uint8Array } | undefined
    )?.bytes;
  }

  result(id: string): StoredReply | undefined {
    const row = this.first("SELECT head, bytes FROM body WHERE id = ? AND part = 'result'", id) as
      { readonly head: string; readonly bytes: Uint8Array } | undefined;
    if (row === undefined) return undefined;
    return { ...(JSON.parse(row.head) as Omit<StoredReply, 'body'>), body: row.bytes };
  }

  take(now: number): Job | undefined {
    const row = this.first(
      `UPDATE job SET state = 'running', started_at = ?1, attempts = attempts + 1
       WHERE seq = (SELECT seq FROM job WHERE state = 'queued' AND not_before <= ?1
                    ORDER BY attempts, seq LIMIT 1)
       RETURNING *`,
      now,
    ) as JobRow | undefined;
    return row === undefined ? undefined : jobOf(row);
  }

  report(id: string, progress: Progress | undefined): boolean {
    if (progress === undefined) return this.get(id)?.state === 'running';
    return this.changes(
      "UPDATE job SET progress = ? WHERE id = ? AND state = 'running'",
      JSON.stringify(progress),
      id,
    );
  }

  finish(id: string, { state, reply, failure, at, expiresAt }: Ending): boolean {
    const { body, ...head } = reply;
    const ended = this.changes(
      `UPDATE job SET state = ?, failure = ?, finished_at = ?, expires_at = ?, ${announced}
       WHERE id = ? AND state = 'running'`,
      state,
      failure === undefined ? null : JSON.stringify(failure),
      at,
      expiresAt,
      at,
      JSON.stringify(pending),
      id,
    );
    if (!ended) return false;
    this.run('DELETE FROM body WHERE id = ?', id);
    this.checkRoom(body.byteLength, this.maxBytes);
    this.addBody(id, 'result', head, body);
    return true;
  }

  putBack(id: string, notBefore: number): void {
    this.run(
      `UPDATE job SET state = 'queued', not_before = ?, attempts = attempts - 1
       WHERE id = ? AND state = 'running'`,
      notBefore,
      id,
    );
  }

  cancel(id: string, at: number, expiresAt: number): boolean {
    const ended = this.changes(
      `UPDATE job SET state = 'canceled', finished_at = ?, expires_at = ?, ${announced}
       WHERE id = ? AND state IN ('queued', 'running')`,
      at,
      expiresAt,
      at,
      JSON.stringify(pending),
      id,
    );
    if (ended) this.run('DELETE FROM body WHERE id = ?', id);
    return ended;
  }

  takeDelivery(now: number, until: number): Job | undefined {
    const row = this.first(
      `UPDATE job SET deliver_at = ?2
       WHERE seq = (SELECT seq FROM job WHERE deliver_at <= ?1 ORDER BY deliver_at LIMIT 1)
       RETURNING *`,
      now,
      until,
    ) as JobRow | undefined;
    return row === undefined ? undefined : jobOf(row);
  }

  noteDelivery(id: string, delivery: Delivery, nextAt: number | undefined): void {
    this.run(
      'UPDATE job SET delivery = ?, deliver_at = ? WHERE id = ?',
      JSON.stringify(delivery),
      nextAt ?? null,
      id,
    );
  }

  sweep(now: number, keepMillis: number): Swept {
    const gone = this.all(
      `DELETE FROM job WHERE seq IN
         (SELECT seq FROM job WHERE state = 'expired' AND expires_at <= ? LIMIT ?) RETURNING id`,
      now,
      sweepRows,
    ) as readonly { readonly id: string }[];
    const expired = (
      this.all(
        `UPDATE job SET state = 'expired', expires_at = ?, progress = NULL, deliver_at = NULL
       WHERE seq IN (SELECT seq FROM job WHERE state <> 'expired' AND expires_at <= ? LIMIT ?)
       RETURNING id`,
        now + keepMillis,
        now,
        sweepRows,
      ) as readonly { readonly id: string }[]
    ).map(({ id }) => id);
    for (const id of expired) this.run('DELETE FROM body WHERE id = ?', id);
    this.run(
      'DELETE FROM answer WHERE rowid IN (SELECT rowid FROM answer WHERE expires_at <= ? LIMIT ?)',
      now,
      sweepRows,
    );
    return { expired, removed: gone.length };
  }

  beginAnswer(id: string, fingerprint: string, now: number, until: number): Begun {
    this.run('DELETE FROM answer WHERE id = ? AND expires_at <= ?', id, now);
    const there = this.first('SELECT fingerprint, bytes FROM answer WHERE id = ?', id) as
      { readonly fingerprint: string; readonly bytes: Uint8Array | null } | undefined;
    if (there === undefined) {
      this.run('INSERT INTO answer VALUES (?, ?, NULL, ?)', id, fingerprint, until);
      return { kind: 'new' };
    }
    if (there.fingerprint !== fingerprint) return { kind: 'other' };
    return there.bytes === null ? { kind: 'busy' } : { kind: 'done', answer: there.bytes };
  }

  holdAnswer(id: string, fingerprint: string, until: number): void {
    this.run(`UPDATE answer SET expires_at = ? WHERE ${underWay}`, until, id, fingerprint);
  }

  keepAnswer(id: string, fingerprint: string, answer: Uint8Array, expiresAt: number): void {
    const there = this.first(`SELECT id FROM answer WHERE ${underWay}`, id, fingerprint);
    if (there === undefined) return;
    this.makeRoom(answer.byteLength + answerOverhead);
    this.checkRoom(answer.byteLength, this.maxBytes * (1 - leftToResults));
    this.run('UPDATE answer SET bytes = ?, expires_at = ? WHERE id = ?', answer, expiresAt, id);
  }

  dropAnswer(id: string, fingerprint: string): void {
    this.run(`DELETE FROM answer WHERE ${underWay}`, id, fingerprint);
  }

  close(): void {
    // Statements keep the file open, and so its lock, until they are collected.
    this.db.exec(`
      PRAGMA journal_mode = DELETE;
      PRAGMA locking_mode = NORMAL;
      SELECT count(*) FROM used;
    `);
    this.db.close();
  }

  private addBody(id: string, part: 'input' | 'result', head: object, bytes: Uint8Array): void {
    this.run('INSERT INTO body VALUES (?, ?, ?, ?)', id, part, JSON.stringify(head), bytes);
  }

  /** Takes the oldest answers of whoever has most, some at a time: to find them all of his are looked at. */
  private makeRoom(bytes: number): void {
    const limit = this.maxBytes * answerShare;
    const full = (): Error => errors.jobStoreFull(`answers may have ${limit} bytes`);
    if (bytes > limit) throw full();
    for (;;) {
      const { kept, most } = this.first(
        `SELECT sum(bytes) AS kept,
                (SELECT caller FROM answered ORDER BY bytes DESC LIMIT 1) AS most FROM answered`,
      ) as { readonly kept: number | null; readonly most: string | null };
      if ((kept ?? 0) + bytes <= limit) return;
      const his = "id >= ?1 AND id < ?1 || '~' AND bytes IS NOT NULL";
      const made = this.changes(
        `DELETE FROM answer WHERE rowid IN
           (SELECT rowid FROM answer WHERE ${his} ORDER BY rowid
            LIMIT (SELECT count(*) / 16 + 1 FROM answer WHERE ${his}))`,
        most,
      );
      if (!made) throw full();
    }
  }

  private checkRoom(bytes: number, limit: number): void {
    const used =
      (this.first('SELECT bytes FROM used') as { readonly bytes: number } | undefined)?.bytes ?? 0;
    if (used + bytes > limit)
      throw errors.jobStoreFull(`it keeps ${used} of ${this.maxBytes} bytes`);
  }

  private run(sql: string, ...values: readonly Value[]): void {
    this.statement(sql).run(...values);
  }

  private changes(sql: string, ...values: readonly Value[]): boolean {
    return this.statement(sql).run(...values).changes > 0;
  }

  private first(sql: string, ...values: readonly Value[]): unknown {
    return this.all(sql, ...values)[0];
  }

  private all(sql: string, ...values: readonly Value[]): readonly unknown[] {
    return this.statement(sql).all(...values) as readonly unknown[];
  }

  private statement(sql: string): ReturnType<DatabaseSyncInstance['prepare']> {
    const known = this.statements.get(sql);
    if (known !== undefined) return known;
    const prepared = this.db.prepare(sql);
    this.statements.set(sql, prepared);
    return prepared;
  }
}

/** An answer that is not there yet, of an id and a fingerprint. */
const underWay = 'id = ? AND fingerprint = ? AND bytes IS NULL';

/** Makes the event of a job due that has a callback. */
const announced =
  'deliver_at = iif(callback IS NULL, NULL, ?), delivery = iif(callback IS NULL, NULL, ?)';
