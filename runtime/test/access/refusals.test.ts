import assert from 'node:assert/strict';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import type { AccessRule } from '@manara/contract';
import { httpParsers } from '../../src/http/parser';
import { TestKeys } from '../support/access';
import { failureOf, TestGrpcClient } from '../support/grpc-client';
import { type JsonAnswer, postJson } from '../support/http-client';
import { addConstant } from '../support/models';
import { type LogLine, startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

const rules: readonly AccessRule[] = [
  { callers: ['reader'], verbs: ['read'] },
  { callers: ['second'], verbs: ['infer', 'explain'], versions: [2] },
  { callers: ['once'], verbs: ['infer'], limit: { requestsPerSecond: 0.1, burst: 1 } },
  { callers: ['rows'], verbs: ['infer'], limit: { requestsPerSecond: 1000, rowsPerSecond: 10 } },
];
const variants = { first: { version: 1, weight: 1 }, second: { version: 2, weight: 1 } };
const toFirst = [{ header: 'x-cohort', equals: 'first', variant: 'first' }];

for (const httpParser of httpParsers) {
  describe(`what is refused, read by ${httpParser}`, () => {
    const repository = new TemporaryRepository();
    const keys = new TestKeys(repository, { reader: [], second: [], once: [], rows: [] });
    let test: TestServer;

    before(async () => {
      repository.add('m', 1, addConstant(1));
      repository.add('m', 2, addConstant(2));
      repository.config('m', 'version_policy: { all {} }');
      test = await startTestServer(repository.folder, {
        ...keys.with(rules),
        identity: { apiKeys: { file: keys.file }, openMetrics: true },
        jobs: { folder: join(repository.folder, '.jobs') },
        variants: { models: { m: { variants, rules: toFirst } } },
        httpParser,
        workers: 1,
      });
    });
    after(async () => {
      await test.server.close();
      repository.remove();
    });

    const post = (
      route: 'infer' | 'explain',
      caller: string | undefined,
      headers: Readonly<Record<string, string>> = {},
      values: readonly number[] = [1],
    ): Promise<JsonAnswer> => {
      const inputs = [{ name: 'x', datatype: 'FP32', shape: [values.length], data: values }];
      const all = { ...keys.of(caller), ...headers };
      return postJson(`${test.url}/v2/models/m/${route}`, { inputs }, all);
    };
    const infer = (caller?: string, values: readonly number[] = [1]): Promise<JsonAnswer> =>
      post('infer', caller, {}, values);
    const linesOf = async (
      refuse: () => Promise<JsonAnswer>,
      status: number,
    ): Promise<readonly LogLine[]> => {
      const before = test.logs.length;
      assert.equal((await refuse()).status, status);
      return test.logs.slice(before);
    };
    const refusals = (lines: readonly LogLine[]): readonly string[] =>
      lines.flatMap(({ event, level, error }) =>
        ['request_refused', 'overloaded'].includes(String(event))
          ? [`${String(level)} ${String(event)} ${String(error)}`]
          : [],
      );
    const refusedSoFar = async (code: string, verb = 'infer'): Promise<number> => {
      const text = await (await fetch(test.metricsUrl)).text();
      const line = `manara_access_refused_total{code="${code}",verb="${verb}"} `;
      return Number(text.split(line)[1]?.split('\n')[0] ?? 0);
    };

    it('is logged once, at info where it has to be asked differently', async () => {
      const unknown = await linesOf(() => infer(), 401);
      assert.deepEqual(refusals(unknown), ['info request_refused UNAUTHENTICATED']);
      const forbidden = await linesOf(() => infer('reader'), 403);
      assert.deepEqual(refusals(forbidden), ['info request_refused FORBIDDEN']);
    });

    it('is logged once a second, and one by one at debug alone, where it may be sent again', async () => {
      assert.equal((await infer('once')).status, 200);
      const limited = await linesOf(() => infer('once'), 429);
      assert.deepEqual(refusals(limited), [
        'warn overloaded RATE_LIMITED',
        'debug request_refused RATE_LIMITED',
      ]);
      const again = await linesOf(() => infer('once'), 429);
      assert.deepEqual(refusals(again), ['debug request_refused RATE_LIMITED']);
    });

    describe('behind the gate, as a variant is another version than the caller’s', () => {
      // Without a version it is the default that is asked for, which is 2, and the caller's.
      const said = {
        'x-cohort': 'first',
        traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      };
      const overRest = async (
        route: 'infer' | 'explain',
        more: Readonly<Record<string, string>> = {},
      ): Promise<unknown> => (await post(route, 'second', { ...said, ...more })).body.code;
      const overGrpc = async (
        ...[method, service]: ['ModelInfer', 'inference'] | ['ModelExplain', 'explanation']
      ): Promise<unknown> => {
        const client = new TestGrpcClient(test.grpc, { ...said, ...keys.of('second') });
        const inputs = [{ name: 'x', datatype: 'FP32', shape: [1] }];
        const message = { model_name: 'm', inputs, raw_input_contents: [Buffer.alloc(4)] };
        const { code } = await failureOf(client.call(method, message, service));
        client.close();
        return code === status.PERMISSION_DENIED ? 'FORBIDDEN' : code;
      };
      const doors = [
        ['http', 'infer', 'at once', () => overRest('infer')],
        ['http', 'infer', 'as a job', () => overRest('infer', { prefer: 'respond-async' })],
        ['http', 'explain', 'at once', () => overRest('explain')],
        ['grpc', 'infer', 'at once', () => overGrpc('ModelInfer', 'inference')],
        ['grpc', 'explain', 'at once', () => overGrpc('ModelExplain', 'explanation')],
      ] as const;

      for (const [protocol, verb, when, ask] of doors) {
        it(`is audited, counted and logged once: ${verb} ${when}, over ${protocol}`, async () => {
          const before = await refusedSoFar('FORBIDDEN', verb);
          const linesBefore = test.logs.length;
          assert.equal(await ask(), 'FORBIDDEN');
          const lines = test.logs.slice(linesBefore);
          assert.deepEqual(refusals(lines), ['info request_refused FORBIDDEN']);
          const audited = lines.filter(({ event }) => event === 'audit');
          assert.equal(audited.length, 1);
          const { time, ...line } = audited[0]!;
          assert.match(String(time), /^\d{4}-\d\d-\d\dT/);
          assert.deepEqual(line, {
            level: 'info',
            event: 'audit',
            caller: 'second',
            verb,
            action: verb,
            protocol,
            model: 'm',
            version: '1',
            outcome: 'refused',
            trace_id: 'a'.repeat(32),
          });
          assert.equal(await refusedSoFar('FORBIDDEN', verb), before + 1);
        });
      }
    });

    it('counts the rows of a model that does not say that it batches', async () => {
      const before = await refusedSoFar('RATE_LIMITED');
      const values = Array.from({ length: 100 }, () => 1);
      assert.equal((await infer('rows', values)).status, 200);
      const { status, headers, body } = await infer('rows', [1]);
      // 90 rows are owed at 10 a second, and one is needed.
      assert.deepEqual([status, headers.get('retry-after')], [429, '10']);
      assert.match(String(body.error), /limit of 10 rows a second/);
      assert.equal(await refusedSoFar('RATE_LIMITED'), before + 1);
    });
  });
}
