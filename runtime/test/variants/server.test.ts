import assert from 'node:assert/strict';
import { readFileSync, renameSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Metadata } from '@grpc/grpc-js';
import type { VariantsConfig } from '@manara/contract';
import { type ServerOptions, StartError } from '../../src';
import { TestKeys } from '../support/access';
import { TestGrpcClient } from '../support/grpc-client';
import { type JsonAnswer, postJson } from '../support/http-client';
import { addConstant } from '../support/models';
import { TestRedis } from '../support/redis';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

interface Event {
  readonly specversion: string;
  readonly type: string;
  readonly source: string;
  readonly data: Readonly<Record<string, unknown>>;
}

describe('a server with variants', () => {
  const repository = new TemporaryRepository();
  const running: TestServer[] = [];
  const x = { inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [10] }] };
  const variants = {
    control: { version: 1, weight: 1 },
    challenger: { version: 2, weight: 1 },
  };
  const rules = [{ header: 'x-cohort', equals: 'beta', variant: 'challenger' }];
  const models = { plus: { variants, stickyHeader: 'x-customer', rules } };
  const outcome = { output: 'y', as: 'value' } as const;
  /** For the tests that need no configuration of their own: models take long to load. */
  let shared: TestServer;

  before(async () => {
    repository.add('plus', 1, addConstant(1));
    repository.add('plus', 2, addConstant(2));
    repository.config('plus', 'version_policy { all {} }');
    shared = await start({ models: { plus: { ...models.plus, outcome } }, feedback: {} });
    running.pop();
  });

  afterEach(async () => {
    for (const { server } of running.splice(0)) await server.close();
  });

  after(async () => {
    await shared.server.close();
    repository.remove();
  });

  async function start(
    config: VariantsConfig,
    configFile?: string,
    access: Partial<ServerOptions> = {},
  ): Promise<TestServer> {
    const more = configFile === undefined ? {} : { configFile };
    const test = await startTestServer(repository.folder, {
      variants: config,
      workers: 1,
      ...more,
      ...access,
    });
    running.push(test);
    return test;
  }

  function ask(
    { url }: TestServer,
    headers: Readonly<Record<string, string>> = {},
    more: object = {},
    path = 'plus',
  ): Promise<JsonAnswer> {
    return postJson(`${url}/v2/models/${path}/infer`, { ...x, ...more }, headers);
  }

  const tell = ({ url }: TestServer, body: unknown): Promise<JsonAnswer> =>
    postJson(`${url}/v2/models/plus/feedback`, body);
  const metricsOf = async ({ metricsUrl }: TestServer): Promise<string> =>
    (await fetch(metricsUrl)).text();
  const eventsOf = ({ logs }: TestServer): readonly Event[] =>
    logs
      .filter(({ event }) => event === 'variant_event')
      .map(({ cloudevent }) => JSON.parse(String(cloudevent)) as Event);

  it('answers with the version of the variant, and says which that is', async () => {
    const test = shared;
    const seen = new Map<string, string>();
    for (let i = 0; i < 20; i++) {
      const { headers, body } = await ask(test, { 'x-customer': `c${i}` });
      const variant = headers.get('x-manara-variant') ?? '';
      const version = variant === 'control' ? 1 : 2;
      assert.equal(body.model_version, String(version));
      assert.deepEqual((body.outputs as { data: number[] }[])[0]?.data, [10 + version]);
      seen.set(`c${i}`, variant);
    }
    assert.deepEqual(new Set(seen.values()), new Set(['control', 'challenger']));
    for (const [customer, variant] of seen) {
      const { headers } = await ask(test, { 'x-customer': customer });
      assert.equal(headers.get('x-manara-variant'), variant);
    }
    const text = await metricsOf(test);
    const counts = [...text.matchAll(/^manara_variant_requests_total\{.*\} (\d+)$/gm)];
    assert.equal(
      counts.reduce((sum, [, count]) => sum + Number(count), 0),
      40,
    );
  });

  it('leaves a version that the path names alone', async () => {
    const { headers, body } = await ask(shared, { 'x-cohort': 'beta' }, {}, 'plus/versions/1');
    assert.equal(body.model_version, '1');
    assert.equal(headers.get('x-manara-variant'), null);
  });

  it('routes gRPC by the same rules', async () => {
    const client = new TestGrpcClient(shared.grpc);
    const reply = await client.call('ModelInfer', {
      model_name: 'plus',
      inputs: [{ name: 'x', datatype: 'FP32', shape: [1], contents: { fp32_contents: [10] } }],
    });
    client.close();
    assert.match(String(reply.model_version), /^[12]$/);
  });

  describe('explains by the variant that would answer', () => {
    const background = { name: 'background', datatype: 'FP32', shape: [1, 1], data: [0] };
    const request = { inputs: [...x.inputs, background] };
    const explain = (headers: Readonly<Record<string, string>>): Promise<JsonAnswer> =>
      postJson(`${shared.url}/v2/models/plus/explain`, request, headers);

    it('over REST, which is no exposure', async () => {
      const seen = new Set<string>();
      for (let i = 0; i < 10; i++) {
        const whom = { 'x-customer': `c${i}` };
        const answered = await ask(shared, whom);
        const before = eventsOf(shared).length;
        const { headers, body } = await explain(whom);
        assert.equal(body.model_version, answered.body.model_version, JSON.stringify(body));
        const variant = headers.get('x-manara-variant') ?? '';
        assert.equal(variant, answered.headers.get('x-manara-variant'));
        assert.equal(eventsOf(shared).length, before);
        seen.add(variant);
      }
      assert.deepEqual(seen, new Set(['control', 'challenger']));
    });

    it('over gRPC', async () => {
      for (const [customer, cohort] of [
        ['c1', 'beta'],
        ['c1', ''],
      ] as const) {
        const said = { 'x-customer': customer, 'x-cohort': cohort };
        const client = new TestGrpcClient(shared.grpc);
        const contents = (...data: number[]) => ({ contents: { fp32_contents: data } });
        const { answer, metadata } = await client.callWith(
          'ModelExplain',
          {
            model_name: 'plus',
            inputs: [
              { ...x.inputs[0], data: undefined, ...contents(10) },
              { ...background, data: undefined, ...contents(0) },
            ],
          },
          Metadata.fromHttp2Headers(said),
          'explanation',
        );
        client.close();
        const expected = await ask(shared, said);
        assert.equal(answer.model_version, expected.body.model_version);
        const variant = expected.headers.get('x-manara-variant');
        assert.deepEqual(metadata.get('x-manara-variant'), [variant]);
      }
    });

    it('and not where the caller may not explain that version', async () => {
      const keys = new TestKeys(repository, { layla: [] });
      const guarded = await start(
        { models: { plus: { variants: { control: { version: 1, weight: 1 } } } } },
        undefined,
        keys.with([{ callers: ['layla'], versions: [2], verbs: ['explain'] }]),
      );
      const url = `${guarded.url}/v2/models/plus`;
      const refused = await postJson(`${url}/explain`, request, keys.of('layla'));
      assert.deepEqual([refused.status, refused.body.code], [403, 'FORBIDDEN']);
      const named = await postJson(`${url}/versions/2/explain`, request, keys.of('layla'));
      assert.deepEqual([named.status, named.body.model_version], [200, '2']);
    });
  });

  it('reports exposures without what was asked, by pseudonym', async () => {
    const test = shared;
    const before = eventsOf(test).length;
    await ask(test, { 'x-customer': 'layla', 'x-cohort': 'beta' }, { id: 'r1' });
    const [event, second] = eventsOf(test).slice(before);
    assert.equal(second, undefined);
    assert.equal(event?.specversion, '1.0');
    assert.equal(event.source, '/v2/models/plus');
    assert.equal(event.type, 'dev.manara.variant.exposure');
    const { unit, ...data } = event.data;
    assert.match(String(unit), /^[\w-]{22}$/);
    assert.deepEqual(data, { version: '2', variant: 'challenger', reason: 'rule', request: 'r1' });
    assert.equal(JSON.stringify(test.logs).includes('layla'), false);
  });

  it('reports a share of the callers, all of their requests or none', async () => {
    const test = await start({ models, exposures: { sample: 0.5 } });
    for (let i = 0; i < 60; i++) await ask(test, { 'x-customer': `c${i % 20}` });
    const byUnit = new Map<unknown, number>();
    for (const { data } of eventsOf(test)) byUnit.set(data.unit, (byUnit.get(data.unit) ?? 0) + 1);
    assert.ok(byUnit.size > 2 && byUnit.size < 18, String(byUnit.size));
    for (const count of byUnit.values()) assert.equal(count, 3);
  });

  it('writes events to a file, a line each', async () => {
    const file = join(repository.folder, '.events.jsonl');
    const test = await start({ models, exposures: { file } });
    await ask(test);
    await ask(test);
    await running.pop()?.server.close();
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as Event).type),
      ['dev.manara.variant.exposure', 'dev.manara.variant.exposure'],
    );
    assert.deepEqual(eventsOf(test), []);
  });

  it('posts events in batches, and counts those that nobody takes', async () => {
    const bodies: { type: string | undefined; events: Event[] }[] = [];
    const receiver: Server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const events = JSON.parse(Buffer.concat(chunks).toString()) as Event[];
        bodies.push({ type: request.headers['content-type'], events });
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const { port } = receiver.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/`;
    const test = await start({ models, exposures: { url } });
    for (let i = 0; i < 3; i++) await ask(test);
    for (let i = 0; i < 300 && bodies.length === 0; i++) await delay(10);
    assert.equal(bodies[0]?.type, 'application/cloudevents-batch+json');
    assert.equal(bodies[0].events.length, 3);
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
    await ask(test);
    const dropped = /^manara_exposures_dropped_total 1$/m;
    for (let i = 0; i < 300 && !dropped.test(await metricsOf(test)); i++) await delay(10);
    assert.match(await metricsOf(test), dropped);
    assert.ok(test.logs.some(({ event }) => event === 'variant_events_dropped'));
  });

  it('joins outcomes to predictions by the id of the request, once', async () => {
    const test = shared;
    const beta = { 'x-cohort': 'beta' };
    await ask(test, beta, { id: 'right' });
    await ask(test, beta, { id: 'wrong' });
    const told = await tell(test, { id: 'right', reward: 1.5, outcome: 12 });
    assert.deepEqual(told.body, { model_name: 'plus', model_version: '2', variant: 'challenger' });
    assert.equal((await tell(test, { id: 'wrong', reward: -2, outcome: 11 })).status, 200);
    const again = await tell(test, { id: 'right', reward: 1 });
    assert.deepEqual([again.status, again.body.code], [404, 'PREDICTION_UNKNOWN']);
    const text = await metricsOf(test);
    const labels = 'model="plus",version="2",variant="challenger"';
    for (const line of [
      `manara_variant_feedback_total{${labels}} 2`,
      `manara_variant_reward_sum{${labels}} -0.5`,
      `manara_variant_outcomes_total{${labels},match="true"} 1`,
      `manara_variant_outcomes_total{${labels},match="false"} 1`,
    ]) {
      assert.ok(text.split('\n').includes(line), line);
    }
    const { data } = eventsOf(test).find(({ type }) => type.endsWith('feedback'))!;
    assert.deepEqual([data.request, data.reward, data.match], ['right', 1.5, true]);
  });

  it('takes feedback with the same key once, and says so again', async () => {
    await ask(shared, {}, { id: 'keyed' });
    const url = `${shared.url}/v2/models/plus/feedback`;
    const key = { 'idempotency-key': 'f1' };
    const first = await postJson(url, { id: 'keyed', reward: 1 }, key);
    const again = await postJson(url, { id: 'keyed', reward: 1 }, key);
    assert.equal(first.status, 200);
    assert.equal(first.headers.get('idempotency-replayed'), null);
    assert.deepEqual([again.status, again.body], [200, first.body]);
    assert.equal(again.headers.get('idempotency-replayed'), 'true');
    const other = await postJson(url, { id: 'keyed', reward: 2 }, key);
    assert.deepEqual([other.status, other.body.code], [422, 'IDEMPOTENCY_MISMATCH']);
  });

  it('refuses feedback that says nothing, is of nothing, or is not taken', async () => {
    const cases: readonly (readonly [unknown, string])[] = [
      [{ id: 'a' }, 'FIELD_INVALID'],
      [{ id: 'a', reward: 'high' }, 'FIELD_INVALID'],
      [{ id: 'a', outcome: [1] }, 'FIELD_INVALID'],
      [{ id: 7, reward: 1 }, 'FIELD_INVALID'],
      [[], 'FIELD_INVALID'],
      [{ id: 'never', reward: 1 }, 'PREDICTION_UNKNOWN'],
    ];
    for (const [body, code] of cases) assert.equal((await tell(shared, body)).body.code, code);
    const other = `${shared.url}/v2/models/other/feedback`;
    assert.equal((await postJson(other, { id: 'a', reward: 1 })).body.code, 'FEEDBACK_OFF');
  });

  it('joins outcomes that are told to another replica, by way of Redis', async function () {
    const redis = await TestRedis.start();
    if (redis === undefined) {
      console.log('skipped: redis-server is not installed');
      this.skip();
    }
    const config: VariantsConfig = { models, feedback: { redis: { url: redis.url } } };
    const [a, b] = [await start(config), await start(config)];
    for (const { logs } of [a, b]) {
      for (let i = 0; i < 200 && !logs.some(({ event }) => event === 'feedback_back'); i++)
        await delay(10);
    }
    await ask(a, { 'x-cohort': 'beta' }, { id: 'shared' });
    const told = await tell(b, { id: 'shared', reward: 1 });
    assert.deepEqual([told.status, told.body.variant], [200, 'challenger']);
    assert.equal((await tell(a, { id: 'shared', reward: 1 })).status, 404);
    await redis.kill();
    const away = await tell(a, { id: 'shared', reward: 1 });
    assert.deepEqual([away.status, away.body.code], [503, 'FEEDBACK_STORE_AWAY']);
    assert.equal((await ask(a)).status, 200);
  });

  it('takes up changed weights without a restart, and keeps them where the file is wrong', async () => {
    const only = (name: 'control' | 'challenger'): string =>
      JSON.stringify({ variants: { models: { plus: { variants: { [name]: variants[name] } } } } });
    // As Kubernetes mounts a file, and changes it.
    const mount = join(repository.folder, '.mount');
    const write = (generation: string, text: string): void => {
      repository.write(`.mount/${generation}/config.json`, text);
      symlinkSync(generation, join(mount, '..data_tmp'));
      renameSync(join(mount, '..data_tmp'), join(mount, '..data'));
    };
    write('..1', only('control'));
    const file = join(mount, 'config.json');
    symlinkSync(join('..data', 'config.json'), file);
    const config = (JSON.parse(only('control')) as { variants: VariantsConfig }).variants;
    const test = await start({ ...config, reloadSeconds: 1 }, file);
    assert.equal((await ask(test)).body.model_version, '1');
    const logged = async (event: string): Promise<boolean> => {
      for (let i = 0; i < 300; i++) {
        if (test.logs.some((line) => line.event === event)) return true;
        await delay(10);
      }
      return false;
    };
    write('..2', only('challenger'));
    assert.ok(await logged('variants_changed'));
    assert.equal((await ask(test)).body.model_version, '2');
    write('..3', '{"variants":{"models":{"plus":{"variants":{}}}}}');
    assert.ok(await logged('variants_refused'));
    assert.equal((await ask(test)).body.model_version, '2');
  });

  it('does not start where a file of flags is missing', async () => {
    const flags = { flagd: { resolver: 'file', file: '/nowhere.json' } } as const;
    await assert.rejects(
      start({ models, flags }),
      (error) =>
        error instanceof StartError &&
        /"\/nowhere.json" cannot be read: ENOENT/.test(error.message),
    );
  });
});
