import assert from 'node:assert/strict';
import type { VariantsConfig } from '@manara/contract';
import { ApiSchemas } from '../support/api-schemas';
import { type JsonAnswer, postJson } from '../support/http-client';
import { addConstant, identity, slow } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';
import { until } from '../support/until';

const x = { name: 'x', datatype: 'FP32', shape: [1], data: [1] };
const matrix = { name: 'x', datatype: 'FP32', shape: [1, 1], data: [1] };

const variants = { first: { version: 1, weight: 1 }, third: { version: 3, weight: 1 } };
const rules = [
  { header: 'x-cohort', equals: 'first', variant: 'first' },
  { header: 'x-cohort', equals: 'third', variant: 'third' },
];
const routed = (only?: 'first'): VariantsConfig => ({
  models: {
    drawn: {
      variants: only === undefined ? variants : { [only]: variants[only] },
      rules: rules.filter(({ variant }) => only === undefined || variant === only),
    },
  },
});

describe('what may answer, in the OpenAPI document', function () {
  this.timeout(60_000);
  const repository = new TemporaryRepository();
  let test: TestServer;
  let api: ApiSchemas;

  before(async () => {
    for (const version of [1, 2, 3]) repository.add('drawn', version, addConstant(version));
    repository.config('drawn', 'version_policy { all {} }');
    repository.add('slow', 1, slow(60));
    repository.add('slow', 2, slow(60));
    repository.config('slow', 'version_policy { all {} }');
    repository.add('quick', 1, identity('FP32', [1, 1]));
    repository.add('fixed', 1, slow(60));
    const variantsNow = routed();
    test = await startTestServer(repository.folder, {
      workers: 1,
      variants: { ...variantsNow, reloadSeconds: 1 },
      configFile: repository.write('.config.json', JSON.stringify({ variants: variantsNow })),
      fallbacks: {
        slow: { afterMillis: 1, chain: [{ model: 'quick' }] },
        fixed: {
          afterMillis: 1,
          chain: [
            { cachedSeconds: 60 },
            { static: [{ name: 'y', datatype: 'FP32', shape: [1, 1], data: [0] }] },
          ],
        },
      },
      controlMode: 'explicit',
      loadModels: ['*'],
    });
    api = await ApiSchemas.fetch(test.url);
  });
  after(async () => {
    await test.server.close();
    repository.remove();
  });

  const infer = (path: string, input: object, headers = {}): Promise<JsonAnswer> =>
    postJson(`${test.url}/v2/models/${path}/infer`, { inputs: [input] }, headers);
  const listed = (from: ApiSchemas, id: string): string =>
    JSON.stringify(from.operation(id).responses[200]);
  const holds = (id: string, { status, body }: JsonAnswer): void => {
    const faults = api.answerFaults(id, status, body);
    assert.deepEqual([status, faults], [200, undefined], JSON.stringify(body));
  };

  it('is a valid OpenAPI 3.1 document', async () => {
    const { Validator } = await import('@seriousme/openapi-schema-validator');
    const { valid, errors } = await new Validator().validate({ ...structuredClone(api.document) });
    assert.deepEqual([valid, errors], [true, undefined]);
  });

  it('is any variant where the path names no version, and no version that is none', async () => {
    for (const [cohort, version] of [
      ['first', '1'],
      ['third', '3'],
    ]) {
      const answer = await infer('drawn', x, { 'x-cohort': cohort });
      assert.equal(answer.body.model_version, version);
      holds('modelInfer.drawn', answer);
    }
    const second = await infer('drawn/versions/2', x);
    holds('modelVersionInfer.drawn.2', second);
    assert.match(api.answerFaults('modelInfer.drawn', 200, second.body) ?? '', /model_version/);
    assert.match(listed(api, 'modelInfer.drawn'), /"x-manara-variant"/);
    assert.doesNotMatch(
      listed(api, 'modelVersionInfer.drawn.2'),
      /"x-manara-variant"|"x-degraded"/,
    );
  });

  it('is the declared fallback as well, where the path names a version or none', async () => {
    for (const [id, path] of [
      ['modelInfer.slow', 'slow'],
      ['modelVersionInfer.slow.1', 'slow/versions/1'],
    ] as const) {
      const answer = await infer(path, matrix);
      assert.equal(answer.headers.get('x-degraded'), 'model quick/1');
      assert.equal(answer.body.model_name, 'quick');
      holds(id, answer);
      assert.match(listed(api, id), /"x-degraded"/);
    }
    const other = await infer('drawn/versions/2', x);
    assert.notEqual(api.answerFaults('modelInfer.slow', 200, other.body), undefined);
  });

  it('is the version itself where what stands in for it is no model', async () => {
    const answer = await infer('fixed', matrix);
    assert.equal(answer.headers.get('x-degraded'), 'static');
    holds('modelInfer.fixed', answer);
    assert.match(listed(api, 'modelInfer.fixed'), /"x-degraded"/);
  });

  it('follows the variants as they are routed, and the models as they are loaded', async () => {
    repository.write('.config.json', JSON.stringify({ variants: routed('first') }));
    await until(() => test.logs.some(({ event }) => event === 'variants_changed'));
    const third = await infer('drawn/versions/3', x);
    assert.equal(api.answerFaults('modelInfer.drawn', 200, third.body), undefined);
    const routedAnew = await ApiSchemas.fetch(test.url);
    assert.notEqual(routedAnew.answerFaults('modelInfer.drawn', 200, third.body), undefined);

    assert.match(listed(routedAnew, 'modelInfer.slow'), /quick\.1/);
    await postJson(`${test.url}/v2/repository/models/quick/unload`);
    const without = await ApiSchemas.fetch(test.url);
    assert.doesNotMatch(listed(without, 'modelInfer.slow'), /quick/);
  });
});
