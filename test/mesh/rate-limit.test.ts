import assert from 'node:assert/strict';
import { eventually } from '../support/eventually';
import { RedisServer, whyNoRedis } from '../support/redis-server';
import { echoDeployment, echoService, plainGateway, routeTo } from './echo-documents';
import { rateLimit } from './rate-limit-documents';
import { useMesh } from './use-mesh';

/** Envoy asks its own rate-limit service, which counts in Redis. */
describe('rate limits at the gateway of the test bed', function () {
  this.timeout(60_000);
  const mesh = useMesh(this);
  const [namespace, host] = ['bed-limits', 'limits.bed.test'];
  let redis: RedisServer | undefined;

  before(async function () {
    const reason = whyNoRedis();
    if (reason !== undefined) {
      console.error(reason);
      return this.skip();
    }
    redis = await RedisServer.start();
    await mesh().namespace(namespace);
    await mesh().apply(
      [
        echoDeployment({ version: '1' }),
        echoService(),
        plainGateway(host),
        routeTo(host),
        ...rateLimit(namespace, host, 5, redis.port),
      ],
      { namespace },
    );
    await eventually('an answer', async () => {
      // Nobody's request has no limit.
      return (await mesh().gateway.ask({ host })).status === 200;
    });
    await eventually('a limit', async () => {
      const limited = mesh().readyPods(namespace, { app: 'ratelimit' }).length === 1;
      return limited && (await statuses('first', 10)).includes(429);
    });
  });

  after(async () => {
    if (redis === undefined) return;
    // It is the whole gateway's, and asks about whatever has limits.
    for (const document of rateLimit(namespace, host, 5, redis.port)) {
      if (document.kind === 'EnvoyFilter') await mesh().api.delete(document);
    }
    await redis.stop();
  });

  it('lets each caller ask as often as it may, and no more', async () => {
    // A minute that begins in between would let more in.
    const secondsLeft = 60 - ((Date.now() / 1000) % 60);
    if (secondsLeft < 5) await new Promise((resolve) => setTimeout(resolve, secondsLeft * 1000));
    assert.deepEqual(await statuses('second', 7), [200, 200, 200, 200, 200, 429, 429]);
    assert.deepEqual(await statuses('third', 6), [200, 200, 200, 200, 200, 429]);
  });

  async function statuses(caller: string, count: number): Promise<readonly number[]> {
    const found: number[] = [];
    for (let i = 0; i < count; i++) {
      const { status } = await mesh().gateway.ask({ host, headers: { 'x-caller': caller } });
      found.push(status);
    }
    return found;
  }
});
