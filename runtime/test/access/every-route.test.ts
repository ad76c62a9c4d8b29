import assert from 'node:assert/strict';
import {
  explanationMethodVerbs,
  grpcMethods,
  type GrpcMethodName,
  metricsRoute,
  type Route,
  routes,
  ruleVerbs,
  type Verb,
} from '@manara/contract';
import { status } from '@grpc/grpc-js';
import { loadDefinitions } from '../../src/grpc/definitions';
import { TestKeys } from '../support/access';
import { failureOf, TestGrpcClient } from '../support/grpc-client';
import { identity } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

/** A caller for each verb, who may do that and nothing else, on model "m" and no other. */
const callers = Object.fromEntries(ruleVerbs.map((verb) => [verb, []]));
const rules = ruleVerbs.map((verb) => ({ callers: [verb], verbs: [verb], models: ['m'] }));

/** What of the server as a whole those with a rule for it alone may have. */
const everywhere = [
  { callers: ['metrics'], verbs: ['metrics' as const] },
  { callers: ['admin'], verbs: ['admin' as const] },
];

const input = { name: 'x', datatype: 'FP32', shape: [1], data: [1] };

/** Whether a caller who may do one thing only is let through to something that asks for another. */
function isAllowed(caller: Verb | undefined, asked: Verb, ofModel: boolean): boolean {
  if (asked === 'health') return true;
  if (caller === undefined) return false;
  return asked === 'own' || caller === asked || (asked === 'read' && !ofModel);
}

describe('who may do what, on every route and method', () => {
  let repository: TemporaryRepository;
  let keys: TestKeys;
  let test: TestServer;

  before(async () => {
    repository = new TemporaryRepository();
    repository.add('m', 1, identity('FP32'));
    repository.add('other', 1, identity('FP32'));
    keys = new TestKeys(repository, callers);
    test = await startTestServer(repository.folder, {
      ...keys.with([...everywhere, ...rules]),
      adminRoutes: true,
    });
  });
  after(async () => {
    await test.server.close();
    repository.remove();
  });

  const ask = ({ method, pattern }: Route, model: string, caller?: Verb): Promise<Response> => {
    const path = pattern.replace(':model', model).replace(':version', '1');
    const body = JSON.stringify({ inputs: [input] });
    const init =
      method === 'POST'
        ? { method, body: /infer|explain/.test(pattern) ? body : '{}' }
        : { method };
    return fetch(test.url + path, { ...init, headers: keys.of(caller) });
  };

  for (const [name, route] of Object.entries<Route>(routes)) {
    const ofModel = route.pattern.includes(':model');
    it(`REST ${name} asks for "${route.verb}"`, async () => {
      for (const caller of [...ruleVerbs, undefined]) {
        const { status: got } = await ask(route, 'm', caller);
        const expected = isAllowed(caller, route.verb, ofModel)
          ? 'let through'
          : caller === undefined
            ? 401
            : 403;
        const seen = got === 401 || got === 403 ? got : 'let through';
        assert.equal(seen, expected, `${caller ?? 'nobody'}: ${got}`);
        assert.notEqual(got, 500);
      }
    });
    if (!ofModel) continue;
    it(`REST ${name} tells nobody else whether a model is there`, async () => {
      for (const caller of [...ruleVerbs, undefined]) {
        const answers = await Promise.all(
          ['other', 'absent'].map(async (model) => {
            const answer = await ask(route, model, caller);
            return [answer.status, (await answer.text()).replaceAll(model, 'M')];
          }),
        );
        assert.deepEqual(answers[0], answers[1]);
        assert.equal(answers[0]?.[0], caller === undefined ? 401 : 403);
      }
    });
  }

  it('metrics ask for "metrics", unless they are open', async () => {
    const get = async (caller?: Verb): Promise<number> =>
      (await fetch(test.metricsUrl, { headers: keys.of(caller) })).status;
    assert.equal(await get('metrics'), 200);
    assert.equal(await get('infer'), 403);
    assert.equal(await get(), 401);
    assert.equal(metricsRoute.verb, 'metrics');
  });

  it('a rule has a verb for every route, and no verb is forgotten', () => {
    const asked = new Set<string>(Object.values(routes).map(({ verb }) => verb));
    for (const verb of Object.values(grpcMethods)) assert.ok(asked.has(verb), verb);
    for (const verb of asked) assert.ok(['health', 'own', ...ruleVerbs].includes(verb), verb);
  });

  it('every gRPC method that is defined has a verb, or is not implemented', async () => {
    const client = new TestGrpcClient(test.grpc);
    for (const name of Object.keys(loadDefinitions().inference)) {
      if (Object.hasOwn(grpcMethods, name)) continue;
      const error = await failureOf(client.call(name, {}));
      assert.equal(error.code, status.UNIMPLEMENTED, name);
    }
    client.close();
    for (const name of Object.keys(grpcMethods)) {
      assert.ok(Object.hasOwn(loadDefinitions().inference, name), name);
    }
  });

  const requestOf = (method: GrpcMethodName, model: string): Record<string, unknown> => {
    if (method === 'ModelInfer' || method === 'ModelStreamInfer') {
      const tensor = { name: 'x', datatype: 'FP32', shape: [1], contents: { fp32_contents: [1] } };
      return { model_name: model, inputs: [tensor] };
    }
    if (method.startsWith('RepositoryModel')) return { model_name: model };
    return method.startsWith('Model') ? { name: model, version: '' } : {};
  };

  for (const [name, verb] of Object.entries(grpcMethods)) {
    const method = name as GrpcMethodName;
    const ofModel = Object.keys(requestOf(method, 'm')).length > 0;
    it(`gRPC ${method} asks for "${verb}"`, async () => {
      for (const caller of [...ruleVerbs, undefined]) {
        const client = new TestGrpcClient(test.grpc, keys.of(caller));
        const code = await codeOf(client, method, requestOf(method, 'm'));
        client.close();
        const refusal = caller === undefined ? 'UNAUTHENTICATED' : 'PERMISSION_DENIED';
        const refused = code === 'UNAUTHENTICATED' || code === 'PERMISSION_DENIED';
        assert.equal(
          refused ? code : 'let through',
          isAllowed(caller, verb, ofModel) ? 'let through' : refusal,
          `${caller ?? 'nobody'}: ${code}`,
        );
      }
    });
  }

  it('the explanation service has its verbs, and no method without one', async () => {
    const defined = Object.keys(loadDefinitions().explanation);
    assert.deepEqual(Object.keys(explanationMethodVerbs), defined);
    for (const caller of [...ruleVerbs, undefined]) {
      const client = new TestGrpcClient(test.grpc, keys.of(caller));
      const request = requestOf('ModelInfer', 'm');
      const call = client.call('ModelExplain', request, 'explanation');
      const code = await call.then(
        () => 'OK',
        (error: unknown) => status[(error as { code: number }).code],
      );
      client.close();
      if (caller === undefined) assert.equal(code, 'UNAUTHENTICATED');
      else assert.equal(code === 'PERMISSION_DENIED', caller !== 'explain', `${caller}: ${code}`);
    }
  });

  it('gRPC health is open to everybody', async () => {
    const client = new TestGrpcClient(test.grpc);
    const reply = await client.call('Check', { service: '' }, 'health');
    client.close();
    assert.equal(reply.status, 'SERVING');
  });

  /** Name of the status of a call, or what a message of a stream has for it. */
  async function codeOf(
    client: TestGrpcClient,
    method: GrpcMethodName,
    request: Readonly<Record<string, unknown>>,
  ): Promise<string> {
    if (method === 'ModelStreamInfer') {
      const [reply] = await client.stream([request]);
      const message = String(reply?.error_message);
      if (message.startsWith('Nobody is identified')) return 'UNAUTHENTICATED';
      return message.startsWith('Caller "') ? 'PERMISSION_DENIED' : 'OK';
    }
    try {
      await client.call(method, request);
      return 'OK';
    } catch (error) {
      return status[(error as { code: number }).code] ?? '?';
    }
  }

  it('says in gRPC what is missing', async () => {
    const nobody = new TestGrpcClient(test.grpc);
    const error = await failureOf(nobody.call('ModelMetadata', { name: 'm' }));
    nobody.close();
    assert.equal(
      error.details,
      'Nobody is identified: nothing was shown; send an API key in the header x-api-key',
    );
    assert.deepEqual(error.metadata.get('www-authenticate'), ['Bearer realm="manara"']);
  });
});
