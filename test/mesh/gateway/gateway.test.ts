import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../support/eventually';
import type { EchoAnswer } from '../echo-answer';
import type { GatewayReply } from '../gateway';
import { echo } from '../programs';
import { useMesh } from '../use-mesh';
import { bankDocuments, hosts } from './bank';
import { Caller, type CallerRequest } from './caller';
import { GatewayUnderTest } from './gateway-under-test';
import { Issuer } from './tokens';

const infer = '/v2/models/fraud/infer';
const claimsInfer = '/v2/models/claims/infer';

describe('an InferenceGateway, on a real Envoy', function () {
  this.timeout(60_000);
  const mesh = useMesh(this);
  const namespace = 'gateway';
  const issuer = new Issuer('https://login.bank.test');
  const scope = 'openid fraud.infer';
  let behind: GatewayUnderTest;

  before(async function () {
    this.timeout(120_000);
    mesh().programs.add('manara-server', echo, namespace);
    behind = await GatewayUnderTest.start(mesh(), namespace, bankDocuments(namespace, issuer));
    for (const path of [infer, claimsInfer]) {
      await eventually(`an answer to ${path}`, async () => (await ask({ path })).status === 200, {
        timeoutMillis: 60_000,
      });
    }
  });

  after(() => {
    (behind as GatewayUnderTest | undefined)?.close();
  });

  const ask = (asked: Partial<CallerRequest>, claims: object = {}): Promise<GatewayReply> =>
    behind.caller.ask({
      host: hosts.all,
      path: infer,
      token: issuer.token({ scope, ...claims }),
      body: '{}',
      ...asked,
    });

  it('leads a caller with a token to the endpoint, without the token', async () => {
    const reply = await ask({});
    assert.equal(reply.status, 200, reply.body);
    const { url, headers } = JSON.parse(reply.body) as EchoAnswer;
    assert.equal(url, infer);
    assert.equal(headers.authorization, undefined);
  });

  it('leads each host to all of its endpoint', async () => {
    const reply = await ask({
      host: hosts.fraud,
      path: '/v2/jobs',
      method: 'GET',
      body: undefined,
    });
    assert.equal(reply.status, 200, reply.body);
    assert.match((JSON.parse(reply.body) as EchoAnswer).pod, /^fraud-/);
  });

  it('tells a caller without a token to bring one', async () => {
    const { status, headers, body } = await behind.caller.ask({
      host: hosts.all,
      path: infer,
      body: '{}',
    });
    assert.equal(status, 401);
    assert.equal(headers['www-authenticate'], 'Bearer');
    refusedAs(body, 'GATEWAY_TOKEN_MISSING');
  });

  for (const [what, claims] of [
    ['expired', { exp: Math.floor(Date.now() / 1000) - 120 }],
    ['of another issuer', { iss: 'https://elsewhere.test' }],
  ] as const) {
    it(`refuses a token that is ${what}`, async () => {
      const { status, body } = await ask({}, claims);
      assert.equal(status, 401);
      refusedAs(body, 'GATEWAY_TOKEN_INVALID');
    });
  }

  it('takes a token for another audience for none', async () => {
    const { status, body } = await ask({}, { aud: 'mail' });
    assert.equal(status, 401);
    refusedAs(body, 'GATEWAY_TOKEN_MISSING');
  });

  it('refuses a token that another key has signed', async () => {
    const token = new Issuer(issuer.name).token({ scope });
    const { status, body } = await ask({ token });
    assert.equal(status, 401);
    refusedAs(body, 'GATEWAY_TOKEN_INVALID');
  });

  it('refuses a caller without the scope, and verbs that no rule lists', async () => {
    for (const reply of [
      await ask({}, { scope: 'openid fraud.read' }),
      await ask({ path: '/v2/models/fraud/explain' }),
      await ask({ path: '/v2/repository/models/fraud/load' }),
    ]) {
      assert.equal(reply.status, 403);
      refusedAs(reply.body, 'GATEWAY_FORBIDDEN');
    }
  });

  it('lets a caller ask for the versions of their rule, and for no other', async () => {
    const explain = (version: string) =>
      ask({ path: `/v2/models/fraud${version}/explain` }, { sub: 'auditor', scope: '' });
    assert.equal((await explain('/versions/2')).status, 200);
    for (const version of ['/versions/1', '', '/versions/2/../1']) {
      assert.equal((await explain(version)).status, 403, version);
    }
  });

  it('reads paths as its endpoints do', async () => {
    for (const path of ['/v2/models/fraud%2Finfer', '/v2/models%2ffraud/infer']) {
      assert.equal((await ask({ path })).status, 400, path);
    }
    assert.equal((await ask({ path: '/v2//models/./fraud/infer' })).status, 200);
    assert.equal((await ask({ path: '/v2/models/fraud2/infer' })).status, 403);
  });

  it('counts each caller by itself, and says when to come back', async () => {
    const asClaimant = (sub: string) => ask({ path: claimsInfer }, { sub });
    const replies: GatewayReply[] = [];
    for (let i = 0; i < 8; i++) replies.push(await asClaimant('greedy'));
    assert.deepEqual(
      replies.map(({ status }) => status),
      [200, 200, 200, 200, 200, 429, 429, 429],
    );
    const refused = replies[5];
    refusedAs(refused?.body ?? '', 'GATEWAY_TOO_MANY_REQUESTS');
    const seconds = Number(refused?.headers['retry-after']);
    assert(seconds >= 1 && seconds <= 4, `retry-after: ${refused?.headers['retry-after']}`);
    assert.equal((await asClaimant('modest')).status, 200);
    await delay(seconds * 1000);
    const { status } = await asClaimant('greedy');
    assert.equal(status, 200, 'after retry-after');
  });

  it('refuses a body that is too large', async () => {
    const { status, body } = await ask({ body: 'x'.repeat(10_001) });
    assert.equal(status, 413);
    refusedAs(body, 'GATEWAY_REQUEST_TOO_LARGE');
  });

  it('serves the contract of its endpoints to whoever has a token', async () => {
    const path = '/openapi.json';
    const { status, headers, body } = await ask({ path, method: 'GET', body: undefined });
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'application/json');
    const { paths } = JSON.parse(body) as { readonly paths: object };
    assert('/v2/models/claims/versions/2/infer' in paths);
    const { status: anonymous } = await behind.caller.ask({ host: hosts.all, path });
    assert.equal(anonymous, 401);
  });

  it('lets browsers ask from the origins that it knows', async () => {
    const preflight = (origin: string) =>
      behind.caller.ask({
        host: hosts.all,
        path: infer,
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const { status, headers } = await preflight('https://app.bank.test');
    assert.equal(status, 200);
    assert.equal(headers['access-control-allow-origin'], 'https://app.bank.test');
    const stranger = await preflight('https://elsewhere.test');
    assert.equal(stranger.headers['access-control-allow-origin'], undefined);
  });

  it('says so where nothing is', async () => {
    const { status, body } = await ask({ path: '/v2/jobs', method: 'GET', body: undefined });
    assert.equal(status, 404);
    refusedAs(body, 'GATEWAY_NOT_FOUND');
  });

  it('knows no other host', async () => {
    await assert.rejects(ask({ host: 'other.api.bank.test' }));
  });

  it('speaks no TLS before 1.3', async () => {
    const old = new Caller(behind.ip, behind.certificate, { maxVersion: 'TLSv1.2' });
    await assert.rejects(old.ask({ host: hosts.all, path: infer }));
    old.close();
  });
});

function refusedAs(body: string, code: string): void {
  const { error, ...rest } = JSON.parse(body) as { readonly error: string };
  assert.deepEqual(rest, { code });
  assert.notEqual(error, '');
}
