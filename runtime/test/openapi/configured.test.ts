import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Route, routes } from '@manara/contract';
import { offeredApi } from '../../src/openapi/offered';
import { resolveOptions } from '../../src/options';
import { readParameters } from '../../src/explain/parameters';
import { TestKeys } from '../support/access';
import { ApiSchemas } from '../support/api-schemas';
import { getJson, type JsonAnswer, postJson } from '../support/http-client';
import { linear } from '../support/explained-models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';
import { until } from '../support/until';

const x = { name: 'x', datatype: 'FP32', shape: [1, 3], data: [1, 2, 3] };
const background = { name: 'background', datatype: 'FP32', shape: [1, 3], data: [0, 0, 0] };

describe('the OpenAPI document of a server', () => {
  const repository = new TemporaryRepository();
  const input = join(repository.folder, '.in');
  before(() => {
    repository.add('m', 1, linear());
    mkdirSync(input);
    repository.write('.in/rows.jsonl', '{"x":[1,2,3]}\n{"x":[4,5,6]}\n');
  });
  after(() => {
    repository.remove();
  });

  async function served(
    options: Parameters<typeof startTestServer>[1],
    look: (test: TestServer, api: ApiSchemas) => Promise<void> | void,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const test = await startTestServer(repository.folder, { workers: 1, ...options });
    try {
      const document = await fetch(`${test.url}/v2/openapi.json`, { headers });
      await look(test, new ApiSchemas((await document.json()) as ApiSchemas['document']));
    } finally {
      await test.server.close();
    }
  }

  it('has no route that is off, and asks nobody who they are where nobody is asked', () =>
    served({}, async (test, api) => {
      const ids = api.operations().map(({ operationId }) => operationId);
      const off = ['profile', 'modelFeedback', 'repositoryModelLoad', 'repositoryModelUnload'];
      const jobs = ['jobs', 'job', 'jobResult', 'jobCancel', 'modelBatch', 'modelVersionBatch'];
      const listed = [...off, ...jobs].filter((id) => ids.includes(id));
      assert.deepEqual(listed, []);
      assert.equal(ids.length, Object.keys(routes).length - off.length - jobs.length);
      assert.doesNotMatch(JSON.stringify(api.document), /"security/);
      assert.equal(api.operation('modelInfer.m').responses[202], undefined);
      const { status } = await getJson(`${test.url}/v2/jobs`);
      assert.equal(status, 501);
    }));

  it('says what has to be on for a route as the server does', () => {
    const none = resolveOptions({ modelRepositories: ['/models'] });
    assert.deepEqual(offeredApi(none), { features: [], identity: undefined });
    const redis = resolveOptions({
      modelRepositories: ['/models'],
      jobs: { redis: { url: 'redis://127.0.0.1' } },
    });
    // Batches need a folder for their files.
    assert.deepEqual(offeredApi(redis).features, ['jobs']);
  });

  it('says how callers are identified, and where they need not be', async () => {
    const keys = new TestKeys(repository, { reader: [] });
    const rules = [{ callers: ['reader'], verbs: ['read' as const, 'infer' as const] }];
    await served(
      keys.with(rules),
      async (test, api) => {
        const { Validator } = await import('@seriousme/openapi-schema-validator');
        const { valid } = await new Validator().validate({ ...structuredClone(api.document) });
        assert.equal(valid, true);
        assert.deepEqual(api.document.components.securitySchemes, {
          apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
          bearer: { type: 'http', scheme: 'bearer', description: 'an API key' },
        });
        const open = Object.entries<Route>(routes)
          .filter(([, { verb }]) => verb === 'health')
          .map(([name]) => name);
        for (const { operationId, method, path, security } of api.operations()) {
          const isOpen = open.includes(operationId);
          assert.deepEqual(security, isOpen ? [] : [{ apiKey: [] }, { bearer: [] }], operationId);
          const url = test.url + path.replace('{model}', 'm').replace('{version}', '1');
          const { status } = await fetch(url, { method });
          assert.equal(status === 401, !isOpen, `${operationId}: ${status}`);
        }
      },
      keys.of('reader'),
    );
  });

  it('has tokens and certificates as ways to be identified', () => {
    const { identity } = offeredApi(
      resolveOptions({
        modelRepositories: ['/models'],
        identity: { jwt: [], clientCertificates: { name: 'spiffe' } },
      }),
    );
    assert.deepEqual(identity, { apiKeys: false, tokens: true, certificates: true });
  });

  describe('has schemas of', () => {
    let test: TestServer;
    let api: ApiSchemas;
    before(async () => {
      test = await startTestServer(repository.folder, {
        workers: 1,
        jobs: { folder: join(repository.folder, '.jobs'), files: { input } },
      });
      api = await ApiSchemas.fetch(test.url);
    });
    after(() => test.server.close());

    const post = (path: string, body: object, headers = {}): Promise<JsonAnswer> =>
      postJson(`${test.url}/v2/models/m/${path}`, body, headers);

    it('explanations, asked for and answered', async () => {
      const requests: Readonly<Record<string, readonly [body: object, status: number]>> = {
        plain: [{ inputs: [x, background] }, 200],
        full: [
          {
            id: '7',
            inputs: [x, background],
            outputs: [{ name: 'y', parameters: { binary_data: false } }],
            parameters: { method: 'kernel_shap', target: 0, seed: 3, groups: '0-1;2' },
          },
          200,
        ],
        occlusion: [
          { inputs: [x], parameters: { method: 'occlusion', window: 1, axes: '0' } },
          200,
        ],
        'another method': [{ inputs: [x], parameters: { method: 'lime' } }, 400],
        'an unknown parameter': [{ inputs: [x], parameters: { seeds: 1 } }, 400],
        'two outputs': [{ inputs: [x], outputs: [{ name: 'y' }, { name: 'y' }] }, 400],
        'no input': [{ inputs: [] }, 400],
        'no inputs': [{}, 400],
        'a budget of nothing': [{ inputs: [x], parameters: { budget: 0 } }, 400],
        'a shape that is text': [{ inputs: [{ ...x, shape: '1,3' }] }, 400],
      };
      for (const [title, [body, status]] of Object.entries(requests)) {
        const answer = await post('explain', body);
        const said = `${title}: ${JSON.stringify(answer.body)}`;
        assert.equal(answer.status, status, said);
        const faults = api.requestFaults('modelExplain', body);
        assert.equal(faults === undefined, status === 200, `${title}: ${faults ?? 'no fault'}`);
        const wrong = api.answerFaults('modelExplain', status, answer.body);
        assert.equal(wrong, undefined, `${said}: ${wrong ?? ''}`);
      }
    });

    it('the parameters of explanations, every one of them', () => {
      const { ExplanationRequest: request } = api.document.components.schemas ?? {};
      const { parameters } = request?.properties as {
        readonly parameters: { readonly anyOf: readonly { readonly properties?: object }[] };
      };
      const names = Object.keys(parameters.anyOf[1]?.properties ?? {});
      try {
        readParameters({ nonsense: 1 });
        assert.fail('a parameter that is unknown was taken');
      } catch (error) {
        const [, listed = ''] = /some of (.*), received/.exec((error as Error).message) ?? [];
        const others = ['binary_data_output'];
        assert.deepEqual([...names].sort(), [...listed.split(', '), ...others].sort());
      }
    });

    it('orders of batches, as they are taken', async () => {
      const orders: Readonly<Record<string, readonly [order: object, status: number]>> = {
        plain: [{ input: 'rows.jsonl' }, 202],
        full: [
          {
            input: 'rows.jsonl',
            columns: { x: ['x'] },
            keep: [],
            on_error: 'collect',
            output_format: 'csv',
          },
          202,
        ],
        'one column': [{ input: 'rows.jsonl', columns: { x: 'x' } }, 202],
        'no file': [{}, 400],
        'another field': [{ input: 'rows.jsonl', format: 'csv' }, 400],
        'another format': [{ input: 'rows.jsonl', output_format: 'xml' }, 400],
        'keep of numbers': [{ input: 'rows.jsonl', keep: [1] }, 400],
      };
      for (const [title, [order, status]] of Object.entries(orders)) {
        const answer = await post('batch', order);
        assert.equal(answer.status, status, `${title}: ${JSON.stringify(answer.body)}`);
        const faults = api.requestFaults('modelBatch', order);
        assert.equal(faults === undefined, status === 202, `${title}: ${faults ?? 'no fault'}`);
        const wrong = api.answerFaults('modelBatch', status, answer.body);
        assert.equal(wrong, undefined, `${title}: ${wrong ?? ''}`);
      }
    });

    it('jobs, under way, over, failed and listed', async () => {
      const prefer = { prefer: 'respond-async' };
      const accepted = await post('infer', { inputs: [x] }, prefer);
      assert.equal(accepted.status, 202);
      assert.equal(api.answerFaults('modelInfer.m', 202, accepted.body), undefined);
      const lost = await post('batch', { input: 'rows.jsonl', columns: { x: ['y'] } });
      for (const { body } of [accepted, lost]) {
        const url = `${test.url}/v2/jobs/${String(body.id)}`;
        await until(async () => {
          const job = await getJson(url);
          assert.equal(api.answerFaults('job', 200, job.body), undefined, JSON.stringify(job.body));
          return job.body.finished_at !== undefined;
        });
      }
      const failed = await getJson(`${test.url}/v2/jobs/${String(lost.body.id)}`);
      assert.equal(failed.body.state, 'failed');
      const result = await getJson(`${test.url}/v2/jobs/${String(accepted.body.id)}/result`);
      assert.equal(api.answerFaults('jobResult', 200, result.body), undefined);
      const page = await getJson(`${test.url}/v2/jobs?limit=1`);
      assert.notEqual(page.body.next, undefined);
      assert.equal(api.answerFaults('jobs', 200, page.body), undefined);
    });
  });
});
