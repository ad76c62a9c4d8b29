import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { LivingRedis } from '../../src/redis/living-redis';
import { openRedis } from '../../src/redis/open-redis';
import { ConfigurationError } from '../../src/start-error';
import { StandInRedis } from '../support/stand-in-redis';
import { until } from '../support/until';

describe('a Redis that is watched', () => {
  let server: StandInRedis;
  let living: LivingRedis;
  let told: (readonly [boolean, string])[];

  async function open(): Promise<void> {
    living = await openRedis(
      { url: server.url },
      (isThere, reason) => {
        told.push([isThere, reason]);
      },
      { commandMillis: 50 },
    );
  }
  const read = (): Promise<unknown> =>
    living.redis.get('a').catch((error: unknown) => {
      living.missed(error);
      return error;
    });

  beforeEach(async () => {
    told = [];
    server = await StandInRedis.start();
  });
  afterEach(async () => {
    living.close();
    await server.close();
  });

  it('is told to be away once, where it takes connections and never answers', async () => {
    server.hold();
    await open();
    await until(() => server.connections >= 3);
    assert.deepEqual(told, [[false, 'Command timed out']]);
    assert.equal(living.isThere, false);
  });

  it('is told to be away once, and back once, where it hangs for a while', async () => {
    await open();
    await until(() => living.isThere);
    server.hold();
    const began = performance.now();
    await Promise.all([read(), read(), read()]);
    assert.ok(performance.now() - began < 1000);
    assert.equal(living.isThere, false);
    await until(() => told.length === 2);
    await read();
    server.release();
    await until(() => living.isThere);
    assert.deepEqual(told, [
      [true, ''],
      [false, 'Command timed out'],
      [true, ''],
    ]);
  });

  it('is not told to be away for one slow command', async () => {
    await open();
    await until(() => living.isThere);
    server.hold();
    await read();
    assert.equal(living.isThere, false);
    server.release();
    await until(() => living.isThere);
    assert.deepEqual(told, [[true, '']]);
  });

  it('is there where it answers, be it with a refusal', async () => {
    server.refuseReads('READONLY it is a replica');
    await open();
    await until(() => living.isThere);
    assert.match(String(await read()), /READONLY/);
    assert.equal(living.isThere, true);
    assert.deepEqual(told, [[true, '']]);
  });

  it('is not told to be away once it is closed', async () => {
    await open();
    await until(() => living.isThere);
    living.close();
    await until(() => living.redis.status === 'end');
    await setTimeout(10);
    assert.deepEqual(told, [[true, '']]);
  });

  it('is not opened without the file of its password', async () => {
    await open();
    await assert.rejects(
      openRedis({ url: server.url, passwordFile: '/nowhere/password' }, () => undefined),
      (error) =>
        error instanceof ConfigurationError &&
        error.message === 'redis.passwordFile "/nowhere/password" cannot be read: ENOENT',
    );
  });
});
