import assert from 'node:assert/strict';
import { Peer } from '@manara/constructs';
import { bedBinaries } from '../../bed/binaries';
import type { Program } from '../../bed/kubelet/program';
import { rateLimitProgram } from '../../bed/ratelimit/rate-limit-program';
import { eventually } from '../../support/eventually';
import { RedisServer, whyNoRedis } from '../../support/redis-server';
import type { GatewayReply } from '../gateway';
import { echo } from '../programs';
import { useMesh } from '../use-mesh';
import { bankDocuments, hosts, place } from './bank';
import { GatewayUnderTest } from './gateway-under-test';
import { Issuer } from './tokens';

describe('shared limits of a gateway, on Envoy, its rate-limit service and Redis', function () {
  this.timeout(60_000);
  const mesh = useMesh(this);
  const namespace = 'shared-limits';
  const issuer = new Issuer('https://login.bank.test');
  let redis: RedisServer;
  let behind: GatewayUnderTest;

  before(async function () {
    this.timeout(180_000);
    const why = whyNoRedis();
    const binaries = bedBinaries('ratelimit');
    if (why !== undefined || binaries === undefined) {
      console.error(why ?? 'skip: no rate-limit service');
      return this.skip();
    }
    redis = await RedisServer.start();
    mesh().programs.add('manara-server', echo, namespace);
    const counting = rateLimitProgram(binaries.ratelimit);
    const here = { REDIS_URL: `127.0.0.1:${redis.port}`, REDIS_TLS: 'false' };
    const program: Program = async (place) => {
      const command = await counting(place);
      return { ...command, env: { ...command.env, ...here } };
    };
    mesh().programs.add('ratelimit', program, namespace);
    const documents = bankDocuments(namespace, issuer, {
      // Six a minute over all pods, fifty at once in each.
      claims: { requestsPerSecond: 0.1, burst: 50 },
      sharedLimits: {
        uri: 'rediss://redis.bank.test:6379',
        place,
        peer: Peer.addresses('10.30.0.0/24'),
        image: { name: 'ratelimit', tag: '3fb70258' },
      },
    });
    behind = await GatewayUnderTest.start(mesh(), namespace, documents);
    const labels = { 'app.kubernetes.io/component': 'rate-limits' };
    await eventually('two that count', () => mesh().readyPods(namespace, labels).length === 2);
    await eventually('an answer', async () => (await ask('first')).status === 200, {
      timeoutMillis: 60_000,
    });
  });

  after(async () => {
    (behind as GatewayUnderTest | undefined)?.close();
    await (redis as RedisServer | undefined)?.stop();
  });

  const ask = (sub: string): Promise<GatewayReply> =>
    behind.caller.ask({
      host: hosts.all,
      path: '/v2/models/claims/infer',
      token: issuer.token({ sub }),
      body: '{}',
    });

  it('refuse what all pods together have let through too often, until the window is over', async () => {
    const replies: GatewayReply[] = [];
    // Of two windows, where one ends meanwhile.
    for (let i = 0; i < 14; i++) replies.push(await ask('greedy'));
    const refused = replies.filter(({ status }) => status === 429);
    const answered = replies.filter(({ status }) => status === 200);
    assert.equal(refused.length + answered.length, replies.length);
    assert(answered.length >= 6 && answered.length <= 12, `${answered.length} of 14 answered`);
    const seconds = Number(refused[0]?.headers['retry-after']);
    assert(seconds >= 1 && seconds <= 60, `retry-after: ${refused[0]?.headers['retry-after']}`);
    assert.equal((await ask('modest')).status, 200);
  });

  it('hold no caller up where Redis does not answer', async () => {
    while ((await ask('waiting')).status === 200);
    await redis.stop();
    await eventually('an answer', async () => (await ask('waiting')).status === 200);
  });
});
