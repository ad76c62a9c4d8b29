import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { headers, path, routes } from '@manara/contract';
import { insist } from './insist';

/** One request for a job, with the key under which it is sent until it is accepted. */
interface Item {
  readonly key: string;
  readonly model: string;
  readonly body: string;
  readonly id: string;
  readonly at: number;
}

interface JobPage {
  readonly jobs: readonly { readonly id: string; readonly state: string }[];
  readonly next?: string;
}

/**
 * Milliseconds that one job after another may take to be over: that of a lost server waits for its
 * lease, one that found the store away for up to a minute.
 */
const patience = 90_000;

/** Results that are looked at at once. */
const lanes = 8;

/** Callers that order jobs one after the other, and insist on each until it is accepted. */
export class Load {
  private readonly accepted: Item[] = [];
  private fullAt = 0;
  private readonly callers: readonly Promise<void>[];
  /** Rejected once a caller gave up. */
  private readonly failed: Promise<never>;
  private stopped = false;

  /** @param url - gives the server to ask next. */
  constructor(
    private readonly url: () => string,
    callers: number,
  ) {
    this.callers = Array.from({ length: callers }, (_, i) => this.order(i));
    this.failed = new Promise((_, reject) => {
      Promise.all(this.callers).catch(reject);
    });
    this.failed.catch(() => undefined);
  }

  get count(): number {
    return this.accepted.length;
  }

  /** Resolves with the time at which the next job after `since` was accepted. */
  async acceptedAfter(since: number): Promise<number> {
    for (;;) {
      const next = this.accepted.find(({ at }) => at > since);
      if (next !== undefined) return next.at;
      await Promise.race([setTimeout(5), this.failed]);
    }
  }

  /** Resolves once a job was refused after `since` as the store had no room. */
  async foundFull(since: number): Promise<void> {
    while (this.fullAt <= since) await Promise.race([setTimeout(5), this.failed]);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.callers);
  }

  /**
   * Every accepted job has one result, that of the call at once; and there is no job besides.
   *
   * @param others - jobs of other callers.
   */
  async check(others: readonly string[] = []): Promise<void> {
    const url = this.url();
    for (const { id } of this.accepted) await over(url, id);
    const jobs = await allJobs(url);
    const known = jobs.map(({ id }) => id).sort();
    assert.deepEqual(known, [...this.accepted.map(({ id }) => id), ...others].sort());
    const direct = new Map<string, Promise<string>>();
    const atOnce = async ({ model, body }: Item): Promise<string> => {
      const answer = await fetch(url + path(routes.modelInfer, { model }), post(body));
      return answer.text();
    };
    const check = async (item: Item): Promise<void> => {
      const { id, model, body } = item;
      const key = `${model} ${body}`;
      if (!direct.has(key)) direct.set(key, atOnce(item));
      const later = await fetch(url + path(routes.jobResult, { job: id }));
      assert.equal(later.status, 200);
      assert.equal(await later.text(), await direct.get(key), id);
    };
    for (let i = 0; i < this.accepted.length; i += lanes) {
      await Promise.all(this.accepted.slice(i, i + lanes).map(check));
    }
  }

  private async order(caller: number): Promise<void> {
    for (let i = 0; !this.stopped; i++) {
      const key = `${caller}-${i}`;
      const model = i % 5 === 0 ? 'slow' : 'quick';
      const body = model === 'slow' ? slowBody(caller + i) : quickBody(caller + i / 8);
      const id = await this.insist(key, model, body);
      this.accepted.push({ key, model, body, id, at: Date.now() });
      await setTimeout(5);
    }
  }

  private insist(key: string, model: string, body: string): Promise<string> {
    const extra = { [headers.prefer]: 'respond-async', [headers.idempotencyKey]: `"${key}"` };
    const url = (): string => this.url() + path(routes.modelInfer, { model });
    return insist(url, post(body, extra), (code) => {
      if (code === 'JOB_STORE_FULL') this.fullAt = Date.now();
    });
  }
}

async function over(url: string, job: string): Promise<void> {
  for (const end = Date.now() + patience; ;) {
    const answer = await fetch(url + path(routes.job, { job }));
    const { state } = (await answer.json()) as { readonly state: string };
    if (state === 'succeeded') return;
    assert.match(state, /queued|running/, job);
    assert.ok(Date.now() < end, `job ${job} is ${state} after ${patience} ms`);
    await setTimeout(50);
  }
}

async function allJobs(url: string): Promise<JobPage['jobs']> {
  const jobs: JobPage['jobs'][number][] = [];
  for (let next: string | undefined = ''; next !== undefined;) {
    const query: string = next === '' ? '' : `&after=${next}`;
    const answer = await fetch(`${url}${path(routes.jobs)}?limit=500${query}`);
    const page = (await answer.json()) as JobPage;
    jobs.push(...page.jobs);
    next = page.next;
  }
  return jobs;
}

function post(body: string, extra: Readonly<Record<string, string>> = {}): RequestInit {
  return { method: 'POST', body, headers: { 'content-type': 'application/json', ...extra } };
}

function quickBody(value: number): string {
  const data = [value, value + 1];
  return JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [2], data }] });
}

function slowBody(value: number): string {
  return JSON.stringify({
    inputs: [
      { name: 'x', datatype: 'FP32', shape: [1, 1], data: [Math.sin(value)] },
      { name: 'shape', datatype: 'INT64', shape: [2], data: [64, 64] },
    ],
  });
}
