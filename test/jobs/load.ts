import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { headers, path, routes } from '@manara/contract';

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

/** Milliseconds that an answer is waited for: a killed server sends none. */
const patience = 5000;

/** Callers that order jobs one after the other, and insist on each until it is accepted. */
export class Load {
  private readonly accepted: Item[] = [];
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

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.callers);
  }

  /**
   * Every accepted job has one result, that of the call at once; and there is no job besides.
   *
   * @param others - jobs of other callers.
   */
  async check(seconds: number, others: readonly string[] = []): Promise<void> {
    const url = this.url();
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const jobs = await allJobs(url);
      const open = jobs.filter(({ state }) => state === 'queued' || state === 'running');
      if (open.length === 0) {
        assert.deepEqual([...new Set(jobs.map(({ state }) => state))], ['succeeded']);
        const known = jobs.map(({ id }) => id).sort();
        assert.deepEqual(known, [...this.accepted.map(({ id }) => id), ...others].sort());
        break;
      }
      assert.ok(Date.now() < end, `${open.length} of ${jobs.length} jobs are still open`);
      await setTimeout(200);
    }
    for (const { id, model, body } of this.accepted) {
      const later = await fetch(url + path(routes.jobResult, { job: id }));
      const atOnce = await fetch(url + path(routes.modelInfer, { model }), post(body));
      assert.equal(later.status, 200);
      assert.equal(await later.text(), await atOnce.text(), id);
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

  private async insist(key: string, model: string, body: string): Promise<string> {
    const extra = { [headers.prefer]: 'respond-async', [headers.idempotencyKey]: `"${key}"` };
    for (;;) {
      try {
        const init = { ...post(body, extra), signal: AbortSignal.timeout(patience) };
        const answer = await fetch(this.url() + path(routes.modelInfer, { model }), init);
        const said = (await answer.json()) as { readonly id: string; readonly code?: string };
        if (answer.status === 202) return said.id;
        // A server that starts does not know its models yet.
        assert.ok(answer.status === 503 || said.code === 'MODEL_UNKNOWN', said.code);
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
      }
      await setTimeout(20);
    }
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
