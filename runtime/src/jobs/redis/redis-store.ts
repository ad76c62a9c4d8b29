import { randomUUID } from 'node:crypto';
import { type RedisConfig, redisDefaults } from '@manara/contract';
import { errors } from '../../errors';
import type { Begun } from '../../idempotency/answer-store';
import type { ServerLog } from '../../telemetry/logger';
import type { Delivery, Ending, Job, NewJob, Progress, StoredReply } from '../job';
import { answerShare, leftToResults } from '../shares';
import type { JobPage, JobStore, Swept } from '../store';
import { RedisConnection, type Reply } from './connection';
import { readJob } from './read-job';

/** Jobs that one sweep looks at: the next one goes on. */
const sweepRows = 500;

/** Milliseconds without a sign of life after which a server is taken for lost. Three reports long. */
const leaseMillis = 15_000;

type Bodies = readonly [input: Buffer | null, head: Buffer | null, body: Buffer | null];

/** Jobs in a Redis, which several servers share. */
export class RedisStore implements JobStore {
  /** Which of the servers this is. */
  private readonly server = randomUUID();
  private readonly connection: RedisConnection;

  /** @param lease - milliseconds that a job stays with a server that says nothing. */
  constructor(
    config: RedisConfig,
    private readonly maxBytes: number,
    log: ServerLog,
    private readonly lease = leaseMillis,
  ) {
    this.connection = new RedisConnection(config, config.prefix ?? redisDefaults.prefix, log);
  }

  async add(job: NewJob): Promise<Job | undefined> {
    const { id, caller, request, fingerprint, callback, createdAt, input } = job;
    const reply = await this.connection.run('add', [
      id,
      this.maxBytes * (1 - leftToResults),
      input,
      ...['id', id, 'caller', caller, 'state', 'queued', 'fingerprint', fingerprint],
      ...['request', JSON.stringify(request), 'created', createdAt, 'attempts', 0],
      ...(callback === undefined ? [] : ['callback', callback]),
    ]);
    this.checkRoom(reply);
    return readJob(reply);
  }

  async get(id: string): Promise<Job | undefined> {
    return readJob(await this.connection.run('get', [id]));
  }

  async list(caller: string, limit: number, after?: string): Promise<JobPage> {
    const before = after === undefined ? '+inf' : `(${after}`;
    const reply = await this.connection.run('list', [caller, before, limit + 1]);
    const rows = reply as readonly (readonly [Buffer, Reply])[];
    const page = rows.slice(0, limit);
    const jobs = page.map(([, row]) => readJob(row)).filter((job) => job !== undefined);
    return { jobs, next: rows.length > limit ? page.at(-1)?.[0].toString() : undefined };
  }

  async input(id: string): Promise<Uint8Array | undefined> {
    return (await this.bodies(id))[0] ?? undefined;
  }

  async result(id: string): Promise<StoredReply | undefined> {
    const [, head, body] = await this.bodies(id);
    if (head === null || body === null) return undefined;
    return { ...(JSON.parse(head.toString()) as Omit<StoredReply, 'body'>), body };
  }

  async take(now: number): Promise<Job | undefined> {
    return readJob(await this.connection.run('take', [this.server, now, this.lease]));
  }

  async report(id: string, progress: Progress | undefined): Promise<boolean> {
    const text = progress === undefined ? '' : JSON.stringify(progress);
    return (await this.connection.run('report', [id, this.server, text])) === 1;
  }

  async finish(
    id: string,
    { state, reply: { body, ...head }, failure, at, expiresAt }: Ending,
  ): Promise<boolean> {
    const reply = await this.connection.run('finish', [
      id,
      this.maxBytes,
      state,
      JSON.stringify(head),
      body,
      failure === undefined ? '' : JSON.stringify(failure),
      at,
      expiresAt,
    ]);
    this.checkRoom(reply);
    return reply !== null;
  }

  async putBack(id: string, notBefore: number): Promise<void> {
    await this.connection.run('putBack', [id, this.server, notBefore]);
  }

  async cancel(id: string, at: number, expiresAt: number): Promise<boolean> {
    return (await this.connection.run('cancel', [id, at, expiresAt])) === 1;
  }

  async takeDelivery(now: number, until: number): Promise<Job | undefined> {
    return readJob(await this.connection.run('takeDelivery', [now, until]));
  }

  async noteDelivery(id: string, delivery: Delivery, nextAt: number | undefined): Promise<void> {
    await this.connection.run('noteDelivery', [id, JSON.stringify(delivery), nextAt ?? '']);
  }

  async sweep(now: number, keepMillis: number): Promise<Swept> {
    const reply = await this.connection.run('sweep', [now, now + keepMillis, sweepRows]);
    const [expired, removed] = reply as readonly [readonly Buffer[], number];
    return { expired: expired.map(String), removed };
  }

  async beginAnswer(id: string, print: string, now: number, until: number): Promise<Begun> {
    const reply = await this.connection.run('beginAnswer', [id, print, until - now]);
    const [answer] = Array.isArray(reply) ? (reply as readonly Buffer[]) : [];
    if (answer !== undefined) return { kind: 'done', answer };
    return { kind: String(reply) as 'new' | 'busy' | 'other' };
  }

  async holdAnswer(id: string, print: string, until: number): Promise<void> {
    await this.connection.run('holdAnswer', [id, print, until - Date.now()]);
  }

  async keepAnswer(
    id: string,
    print: string,
    answer: Uint8Array,
    expiresAt: number,
  ): Promise<void> {
    const reply = await this.connection.run('keepAnswer', [
      id,
      print,
      answer,
      expiresAt,
      expiresAt - Date.now(),
      this.maxBytes * answerShare,
      this.maxBytes * (1 - leftToResults),
    ]);
    this.checkRoom(reply);
  }

  async dropAnswer(id: string, print: string): Promise<void> {
    await this.connection.run('dropAnswer', [id, print]);
  }

  close(): Promise<void> {
    this.connection.close();
    return Promise.resolve();
  }

  private async bodies(id: string): Promise<Bodies> {
    return (await this.connection.run('bodies', [id])) as unknown as Bodies;
  }

  /** Scripts that find no room give the bytes that are used. */
  private checkRoom(reply: Reply): void {
    if (typeof reply !== 'number') return;
    throw errors.jobStoreFull(`it keeps ${reply} of ${this.maxBytes} bytes`);
  }
}
