import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccessRule } from '@manara/contract';
import type { ServerOptions } from '../../src';
import { EmbeddedStore } from '../../src/jobs/embedded/embedded-store';
import { TestKeys } from '../support/access';
import type { JsonAnswer } from '../support/http-client';
import { addConstant, identity, slow } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';
import { until } from '../support/until';
import { newJob } from './store-contract';

const limit = { requestsPerSecond: 1000, rowsPerSecond: 10 };

const rules: readonly AccessRule[] = [
  { callers: ['user'], verbs: ['infer'] },
  { callers: ['second'], verbs: ['infer'], versions: [2] },
  { callers: ['bulk'], verbs: ['infer'], limit },
  { callers: ['bulk-*'], verbs: ['infer'], limit: { ...limit, rowsPerSecond: 100 } },
  { callers: ['slowly'], verbs: ['infer'], models: ['slow'] },
  { groups: ['team'], verbs: ['infer'] },
];
const callers = {
  user: [],
  second: [],
  bulk: [],
  'bulk-batch': [],
  slowly: [],
  member: ['team'],
};

const variants = { old: { version: 1, weight: 1 }, new: { version: 2, weight: 1 } };

const tensor = (shape: readonly number[], data: readonly number[]): object => ({
  inputs: [{ name: 'x', datatype: 'FP32', shape, data }],
});
const one = tensor([1], [1]);
const rowsOf = (count: number): object => tensor([count, 1], new Array<number>(count).fill(1));

describe('a job under the terms of who ordered it', function () {
  this.timeout(60_000);
  let repository: TemporaryRepository;
  let keys: TestKeys;
  let folder: string;
  let options: Partial<ServerOptions>;
  let running: TestServer | undefined;

  before(() => {
    repository = new TemporaryRepository();
    for (const model of ['first', 'drawn']) {
      repository.add(model, 1, addConstant(1));
      repository.add(model, 2, addConstant(2));
      repository.config(model, 'version_policy: { all {} }');
    }
    repository.add('batched', 1, identity('FP32', ['n', 1]));
    repository.config('batched', 'max_batch_size: 100');
    repository.add('slow', 1, slow(60));
    repository.add('quick', 1, identity('FP32', [1, 1]));
    keys = new TestKeys(repository, callers);
  });
  after(() => {
    repository.remove();
  });

  function prepare(loadModels: readonly string[]): void {
    folder = mkdtempSync(join(tmpdir(), 'manara-jobs-'));
    options = {
      rules: [...rules],
      identity: { apiKeys: { file: keys.file }, openMetrics: true },
      jobs: { folder },
      workers: 1,
      variants: {
        models: {
          // Whatever the default is, version 1 answers.
          first: { variants: { old: { version: 1, weight: 1 } } },
          drawn: {
            variants,
            stickyHeader: 'x-customer',
            rules: [{ header: 'x-cohort', equals: 'beta', variant: 'new' }],
          },
        },
      },
      fallbacks: { slow: { afterMillis: 1, chain: [{ model: 'quick' }] } },
      controlMode: 'explicit',
      loadModels: [...loadModels],
    };
  }

  async function clear(): Promise<void> {
    await stop();
    rmSync(folder, { recursive: true });
  }

  async function start(more: Partial<ServerOptions> = {}): Promise<TestServer> {
    running = await startTestServer(repository.folder, { ...options, ...more });
    return running;
  }

  async function stop(): Promise<void> {
    await running?.server.close();
    running = undefined;
  }

  async function send(
    path: string,
    caller: keyof typeof callers,
    init: RequestInit = {},
    more: Readonly<Record<string, string>> = {},
  ): Promise<JsonAnswer> {
    const headers = { 'content-type': 'application/json', ...keys.of(caller), ...more };
    const response = await fetch((running?.url ?? '') + path, { ...init, headers });
    const body = (await response.json()) as JsonAnswer['body'];
    return { status: response.status, headers: response.headers, body };
  }
  const infer = (
    model: string,
    caller: keyof typeof callers,
    body: object = one,
    more: Readonly<Record<string, string>> = {},
  ): Promise<JsonAnswer> =>
    send(`/v2/models/${model}/infer`, caller, { method: 'POST', body: JSON.stringify(body) }, more);

  /** @returns where its status is */
  async function orderBatch(caller: keyof typeof callers, rows: number): Promise<string> {
    const init = { method: 'POST', body: `x\n${'1\n'.repeat(rows)}` };
    const type = { 'content-type': 'text/csv' };
    const accepted = await send('/v2/models/batched/batch', caller, init, type);
    assert.equal(accepted.status, 202);
    return String(accepted.body.status_url);
  }

  async function over(
    id: unknown,
    caller: keyof typeof callers,
  ): Promise<{ readonly state: unknown; readonly result: JsonAnswer }> {
    const url = `/v2/jobs/${String(id)}`;
    let state: unknown;
    await until(async () => {
      ({ state } = (await send(url, caller)).body);
      return state === 'succeeded' || state === 'failed';
    });
    return { state, result: await send(`${url}/result`, caller) };
  }

  async function order(...asked: Parameters<typeof infer>): ReturnType<typeof over> {
    const [model, caller, body = one, more = {}] = asked;
    const accepted = await infer(model, caller, body, { ...more, prefer: 'respond-async' });
    assert.equal(accepted.status, 202);
    return over(accepted.body.id, caller);
  }

  describe('of a server with rules', () => {
    before(async () => {
      prepare(['*']);
      await start();
    });
    after(clear);

    it('is refused where the version that would answer is not the caller’s', async () => {
      const later = await infer('first', 'second', one, { prefer: 'respond-async' });
      assert.equal(later.status, 403);
      const atOnce = await infer('first', 'second');
      assert.deepEqual(later.body, atOnce.body);
      assert.equal(
        later.body.error,
        'Caller "second" may not "infer" model "first" version "1"; no rule of the server allows it',
      );
      assert.equal((await order('first', 'user')).result.body.model_version, '1');
    });

    it('has the variant that the call at once has, by header or customer', async () => {
      const seen = new Set<string | null>();
      for (let i = 0; i < 12; i++) {
        const whom = { 'x-customer': `c${i}` };
        const atOnce = await infer('drawn', 'user', one, whom);
        const { result } = await order('drawn', 'user', one, whom);
        const variant = result.headers.get('x-manara-variant');
        assert.equal(variant, atOnce.headers.get('x-manara-variant'));
        assert.deepEqual(result.body, atOnce.body);
        seen.add(variant);
        const ruled = await order('drawn', 'user', one, { ...whom, 'x-cohort': 'beta' });
        assert.equal(ruled.result.headers.get('x-manara-variant'), 'new');
      }
      assert.deepEqual([...seen].sort(), ['new', 'old']);
    });

    it('counts its rows against the caller’s limit', async () => {
      assert.equal((await order('batched', 'bulk', rowsOf(25))).state, 'succeeded');
      const next = await infer('batched', 'bulk', rowsOf(1));
      assert.equal(next.status, 429);
      assert.equal(next.body.code, 'RATE_LIMITED');
      const later = await order('batched', 'bulk', rowsOf(1));
      assert.equal(later.state, 'succeeded', 'it waits for its turn');
    });

    it('waits with the rows of a batch for the caller’s limit, and loses none', async () => {
      const rows = 64 * 3;
      const began = performance.now();
      const url = await orderBatch('bulk-batch', rows);
      await until(async () => (await send(url, 'bulk-batch')).body.state === 'succeeded');
      const { body } = await send(url, 'bulk-batch');
      assert.equal(body.attempts, 1);
      assert.equal((body.progress as { readonly rows: number }).rows, rows);
      // 100 at once, the other 92 at 100 a second: the third chunk waits for the debt of the second.
      assert.ok(performance.now() - began >= 280, 'the rows were not counted');
    });

    it('is answered by no fallback that the caller may not use', async () => {
      const input = tensor([1, 1], [7]);
      const allowed = await order('slow', 'user', input);
      assert.equal(allowed.result.headers.get('x-degraded'), 'model quick/1');
      const barred = await order('slow', 'slowly', input);
      assert.equal(barred.state, 'succeeded');
      assert.equal(barred.result.headers.get('x-degraded'), null);
      assert.equal(barred.result.body.model_name, 'slow');
    });
  });

  it('keeps group and variant over a restart, and no secret', async () => {
    prepare(['batched', 'drawn']);
    await start({ jobs: { folder, concurrency: 1 } });
    // Has the one place, and waits in it for its caller's limit.
    const batch = await orderBatch('bulk', 640);
    await until(async () => (await send(batch, 'bulk')).body.state === 'running');
    const whom = { prefer: 'respond-async', 'x-customer': 'a secret', 'x-cohort': 'beta' };
    const { id, status_url } = (await infer('drawn', 'member', one, whom)).body;
    assert.equal((await send(String(status_url), 'member')).body.state, 'queued');
    await stop();
    const bytes = readdirSync(folder).flatMap((name) =>
      name.startsWith('jobs.db') ? [readFileSync(join(folder, name), 'latin1')] : [],
    );
    assert.ok(bytes.length > 0);
    for (const secret of ['a secret', keys.of('member')['x-api-key'] ?? '']) {
      assert.ok(!bytes.some((text) => text.includes(secret)), secret);
    }
    await start();
    const { state, result } = await over(id, 'member');
    assert.equal(state, 'succeeded');
    assert.equal(result.headers.get('x-manara-variant'), 'new');
    await clear();
  });

  describe('of the store', () => {
    beforeEach(() => {
      prepare(['quick']);
    });
    afterEach(clear);

    async function stored(
      caller: string,
      more: { readonly standing?: { readonly groups: readonly string[] } } = {},
      model = 'quick',
    ): Promise<string> {
      const store = await EmbeddedStore.open({ folder, maxBytes: 1024 ** 2 });
      const input = Buffer.from(JSON.stringify(tensor([1, 1], [7])));
      const asked = { kind: 'infer', model, version: undefined, headers: {} } as const;
      const request = { ...asked, options: { jsonLength: input.byteLength }, ...more };
      const id = `job-of-${caller}`;
      await store.add(newJob(id, { caller, request, input, createdAt: Date.now() }));
      await store.close();
      return id;
    }
    const forbidden = (caller: string): object => ({
      error: `Caller "${caller}" may not "infer" model "quick" version "1"; no rule of the server allows it`,
      code: 'FORBIDDEN',
    });

    const refused = { verb: 'infer', protocol: 'job', version: '1', outcome: 'refused' };
    const audited = (): readonly object[] =>
      (running?.logs ?? [])
        .filter(({ event }) => event === 'audit')
        .map(({ caller, model, verb, protocol, version, outcome }) => {
          return { caller, model, verb, protocol, version, outcome };
        });
    const refusals = async (): Promise<number> => {
      const text = await (await fetch(running?.metricsUrl ?? '')).text();
      const counted = 'manara_access_refused_total{code="FORBIDDEN",verb="infer"} ';
      return Number(text.split(counted)[1]?.split('\n')[0] ?? 0);
    };

    it('runs where the rules still allow it', async () => {
      const id = await stored('member', { standing: { groups: ['team'] } });
      await start();
      assert.equal((await over(id, 'member')).state, 'succeeded');
    });

    it('fails where the right was withdrawn meanwhile', async () => {
      const id = await stored('member', { standing: { groups: ['team'] } });
      await start({ rules: rules.filter(({ groups }) => groups === undefined) });
      const { state, result } = await over(id, 'member');
      assert.equal(state, 'failed');
      assert.equal(result.status, 403);
      assert.deepEqual(result.body, forbidden('member'));
      assert.deepEqual(audited(), [{ ...refused, caller: 'member', model: 'quick' }]);
      assert.equal(await refusals(), 1);
    });

    it('fails where the right was withdrawn from a batch that is half done', async () => {
      prepare(['batched']);
      await start();
      const url = await orderBatch('bulk', 640);
      await until(async () => (await send(url, 'bulk')).body.state === 'running');
      await stop();
      await start({ rules: rules.filter(({ callers: whom }) => whom?.includes('bulk') !== true) });
      await until(async () => (await send(url, 'bulk')).body.state === 'failed');
      const { error } = (await send(url, 'bulk')).body;
      assert.equal((error as { readonly code: string }).code, 'FORBIDDEN');
      assert.deepEqual(audited(), [{ ...refused, caller: 'bulk', model: 'batched' }]);
      assert.equal(await refusals(), 1);
    });

    it('of a server that kept no groups runs where its caller’s name is enough', async () => {
      const [named, grouped] = [await stored('user'), await stored('member')];
      await start();
      assert.equal((await over(named, 'user')).state, 'succeeded');
      assert.deepEqual((await over(grouped, 'member')).result.body, forbidden('member'));
    });

    it('of a server that asked nobody who they were is nobody’s once rules are', async () => {
      const id = await stored('');
      await start({ rules: [{ callers: ['*'], verbs: ['infer'] }] });
      await until(() => running?.logs.some(({ error }) => error === 'FORBIDDEN') ?? false);
      await stop();
      const store = await EmbeddedStore.open({ folder, maxBytes: 1024 ** 2 });
      assert.deepEqual((await store.get(id))?.failure, {
        code: 'FORBIDDEN',
        message:
          'Caller "" may not "infer" model "quick" version "1"; no rule of the server allows it',
      });
      await store.close();
    });
  });
});
