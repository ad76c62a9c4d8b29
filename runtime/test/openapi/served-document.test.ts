import assert from 'node:assert/strict';
import { datatypes, type Route, routes } from '@manara/contract';
import { errorCatalogue } from '../../src/errors';
import { ApiSchemas } from '../support/api-schemas';
import { getJson, postJson } from '../support/http-client';
import { add, addConstant, identity, slowOnDemand } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

describe('GET /v2/openapi.json', function () {
  this.timeout(60_000);
  const repository = new TemporaryRepository();
  const everything = {
    adminRoutes: true,
    jobs: { folder: `${repository.folder}/.jobs` },
    variants: {
      models: { scalar: { variants: { a: { version: 1, weight: 1 } } } },
      feedback: {},
    },
  };
  let test: TestServer;
  let api: ApiSchemas;

  before(async () => {
    for (const datatype of datatypes) repository.add(datatype, 1, identity(datatype, [2, 3]));
    repository.add('scalar', 1, identity('FP32', []));
    repository.add('add', 1, add());
    repository.add('add', 3, addConstant(1));
    repository.config('add', 'max_batch_size: 4 version_policy { all {} }');
    repository.add('picky', 1, slowOnDemand(1));
    test = await startTestServer(repository.folder, {
      workers: 1,
      ...everything,
      controlMode: 'explicit',
      loadModels: [...datatypes, 'scalar', 'picky'],
    });
    assert.equal((await postJson(`${test.url}/v2/repository/models/add/load`)).status, 200);
    api = await ApiSchemas.fetch(test.url);
  });
  after(async () => {
    await test.server.close();
    repository.remove();
  });

  it('is a valid OpenAPI 3.1 document', async () => {
    const { Validator } = await import('@seriousme/openapi-schema-validator');
    const validator = new Validator();
    const { valid, errors } = await validator.validate({ ...structuredClone(api.document) });
    assert.deepEqual([valid, errors, validator.version], [true, undefined, '3.1']);
  });

  it('has every route, and of inference one for each model and each version', () => {
    const served = api.operations().map(({ method, path }) => `${method} ${path}`);
    const own = Object.values<Route>(routes)
      .filter(({ pattern }) => !pattern.endsWith('/infer'))
      .map(({ method, pattern }) => `${method} ${pattern.replace(/:(\w+)/g, '{$1}')}`);
    const models = [...datatypes, 'scalar', 'picky'].map((name) => [name, 1] as const);
    const inferring = [...models, ['add', 1] as const, ['add', 3] as const].flatMap(
      ([model, version]) => [
        `POST /v2/models/${model}/infer`,
        `POST /v2/models/${model}/versions/${version}/infer`,
      ],
    );
    assert.deepEqual(new Set(served), new Set([...own, ...inferring]));
  });

  it('has operation ids that are distinct', () => {
    const ids = api.operations().map(({ operationId }) => operationId);
    assert.deepEqual(ids, [...new Set(ids)]);
  });

  it('lists every status of the catalogue of errors', () => {
    const listed = new Set(api.operations().flatMap(({ responses }) => Object.keys(responses)));
    // 405 is the answer to a method that no operation has, 499 is no answer.
    const statuses = new Set(errorCatalogue.map(({ httpStatus }) => httpStatus));
    const missing = [...statuses].filter((status) => !listed.has(String(status)));
    assert.deepEqual(missing.sort(), [405, 499]);
  });

  it('has examples of inference that are answered as the schema says', async () => {
    const examples = api.operations().flatMap(({ operationId, path, requestBody }) => {
      const given = requestBody?.content['application/json']?.examples ?? {};
      return Object.values(given).map(({ value }) => ({ operationId, path, value }));
    });
    assert.equal(examples.length, 2 * (datatypes.length + 1) + 3);
    for (const { operationId, path, value } of examples) {
      assert.equal(api.requestFaults(operationId, value), undefined, operationId);
      const { status, body } = await postJson(test.url + path, value);
      assert.equal(status, 200, operationId);
      assert.equal(api.answerFaults(operationId, status, body), undefined, operationId);
    }
  });

  it('has no example for a model that does not run on zeros', () => {
    const { requestBody } = api.operation('modelInfer.picky');
    assert.equal(requestBody?.content['application/json']?.examples, undefined);
  });

  it('has the answers of every other route, good and bad', async () => {
    const models = ['add', 'absent'];
    for (const { operationId, method, path } of api.operations()) {
      if (/\.|load$|Page$|^profile$|[jJ]ob|Batch|Explain|Feedback/.test(operationId)) continue;
      for (const model of path.includes('{model}') ? models : ['']) {
        const url = test.url + path.replace('{model}', model).replace('{version}', '3');
        const { status, body } = await (method === 'GET' ? getJson(url) : postJson(url, {}));
        assert.equal(status, model === 'absent' ? 404 : 200, operationId);
        assert.equal(api.answerFaults(operationId, status, body), undefined, operationId);
      }
    }
  });

  describe('refuses and permits what the server does', () => {
    const flat = [0, 1, 2, 3, 4, 5];
    const nested = [
      [0, 1, 2],
      [3, 4, 5],
    ];
    const input = { name: 'x', datatype: 'FP32', shape: [2, 3], data: flat };
    const body = { inputs: [input] };
    const wide = 2 ** 53;
    const elements: Readonly<Record<string, readonly unknown[]>> = {
      BOOL: [true, 1, 'true'],
      UINT8: [255, 256, -1, 0.5],
      INT8: [-128, -129, 128],
      UINT16: [65535, 65536],
      INT16: [32767, 32768],
      UINT32: [4294967295, 4294967296],
      INT32: [-2147483648, -2147483649],
      UINT64: [wide - 1, wide, -1],
      INT64: [1 - wide, -wide],
      FP16: [65519.999, 65520, -65520, 1e-9],
      FP32: [3.4028235e38, 3.4028236e38, -3.5e38],
      FP64: [1e308, '1'],
      BYTES: ['é\n', 'a\0b', 1],
    };
    const bodies: Readonly<Record<string, unknown>> = {
      flat: body,
      nested: { inputs: [{ ...input, data: nested }] },
      'nested, short': { inputs: [{ ...input, data: [nested[0]] }] },
      'nested, uneven': { inputs: [{ ...input, data: [nested[0], [3, 4]] }] },
      'flat, short': { inputs: [{ ...input, data: flat.slice(1) }] },
      'no data': { inputs: [{ ...input, data: undefined }] },
      'data null': { inputs: [{ ...input, data: null }] },
      'shape of another size': { inputs: [{ ...input, shape: [3, 2] }] },
      'shape of another rank': { inputs: [{ ...input, shape: [6] }] },
      'another datatype': { inputs: [{ ...input, datatype: 'FP64' }] },
      'another name': { inputs: [{ ...input, name: 'y' }] },
      'the input twice': { inputs: [input, input] },
      'no input': { inputs: [] },
      'no object': [],
      'unknown fields': { ...body, more: 1, inputs: [{ ...input, more: 1 }] },
      'an id': { ...body, id: '7' },
      'an id that is null': { ...body, id: null },
      'an id that is a number': { ...body, id: 7 },
      'parameters null': { ...body, parameters: null },
      'parameters no object': { ...body, parameters: [] },
      'parameters that ask for nothing': { ...body, parameters: { sequence_id: 0, hint: 'x' } },
      'a sequence': { ...body, parameters: { sequence_id: 1 } },
      'binary outputs, no Boolean': { ...body, parameters: { binary_data_output: 1 } },
      'a size of binary data': { inputs: [{ ...input, parameters: { binary_data_size: 24 } }] },
      'outputs null': { ...body, outputs: null },
      'no outputs': { ...body, outputs: [] },
      'an output': { ...body, outputs: [{ name: 'y', parameters: { binary_data: false } }] },
      'an unknown output': { ...body, outputs: [{ name: 'x' }] },
      'an output twice': { ...body, outputs: [{ name: 'y' }, { name: 'y' }] },
      'a classification': { ...body, outputs: [{ name: 'y', parameters: { classification: 2 } }] },
    };
    const two = ['a', 'b'].map((name) => ({ name, datatype: 'FP32', shape: [1, 2], data: [1, 2] }));
    const [a, b] = two;
    const ofTwo: Readonly<Record<string, unknown>> = {
      'both inputs': { inputs: [a, b] },
      'the other way round': { inputs: [b, a] },
      'one of two': { inputs: [a] },
      'one of two, twice': { inputs: [a, a] },
      'a third': { inputs: [a, b, b] },
      'a batch that is too large': {
        inputs: two.map((one) => ({ ...one, shape: [5, 2], data: new Array(10).fill(0) })),
      },
      'both outputs': { inputs: two, outputs: [{ name: 'copy' }, { name: 'sum' }] },
      'one output twice': { inputs: two, outputs: [{ name: 'copy' }, { name: 'copy' }] },
    };

    async function agree(operationId: string, value: unknown): Promise<void> {
      const { path } = api.operation(operationId);
      const sent = JSON.parse(JSON.stringify(value)) as unknown;
      const { status, body: answer } = await postJson(test.url + path, sent);
      const faults = api.requestFaults(operationId, sent);
      const refused = `schema: ${faults ?? 'nothing'}; server: ${JSON.stringify(answer)}`;
      assert.equal(status, faults === undefined ? 200 : 400, refused);
      assert.equal(api.answerFaults(operationId, status, answer), undefined);
    }

    for (const [title, value] of Object.entries(bodies)) {
      it(title, () => agree('modelInfer.FP32', value));
    }
    for (const [title, value] of Object.entries(ofTwo)) {
      it(title, () => agree('modelVersionInfer.add.1', value));
    }
    for (const [datatype, values] of Object.entries(elements)) {
      it(`elements of ${datatype}`, async () => {
        for (const value of values) {
          const data = [...new Array<unknown>(5).fill(values[0]), value];
          await agree(`modelInfer.${datatype}`, { inputs: [{ ...input, datatype, data }] });
        }
      });
    }
    for (const data of [1, [1], [1, 2], [[1]], []]) {
      it(`a scalar as ${JSON.stringify(data)}`, () =>
        agree('modelInfer.scalar', { inputs: [{ ...input, shape: [], data }] }));
    }
  });

  it('follows the repository', async () => {
    const before = await (await fetch(`${test.url}/v2/openapi.json`)).text();
    await postJson(`${test.url}/v2/repository/models/scalar/unload`);
    const without = await ApiSchemas.fetch(test.url);
    assert.equal(without.document.paths['/v2/models/scalar/infer'], undefined);
    await postJson(`${test.url}/v2/repository/models/scalar/load`);
    assert.equal(await (await fetch(`${test.url}/v2/openapi.json`)).text(), before);
  });
});
