import assert from 'node:assert/strict';
import { isLoopback } from '../../src/access/loopback';
import { startServer } from '../../src';
import { TestKeys } from '../support/access';
import { startTestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

describe('a server without identity', () => {
  for (const [host, expected] of [
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['::ffff:127.0.0.1', true],
    ['::ffff:10.0.0.1', false],
    ['10.0.0.1', false],
    ['127.0.0.1.example.com', false],
    ['example.com', false],
  ] as const) {
    it(`takes ${host} ${expected ? 'for this machine' : 'for the world'}`, () => {
      assert.equal(isLoopback(host), expected);
    });
  }

  const repository = new TemporaryRepository();
  after(() => {
    repository.remove();
  });
  const open = { http: { host: '0.0.0.0', port: 0 } };

  for (const name of ['http', 'grpc', 'metrics'] as const) {
    it(`does not listen for others over ${name}`, async () => {
      const options = { http: null, grpc: null, metrics: null, [name]: open.http };
      await assert.rejects(
        startServer({ modelRepositories: [repository.folder], ...options }),
        (error: Error) => {
          assert.equal(error.name, 'ConfigurationError');
          assert.equal(
            error.message,
            `${name} would listen on 0.0.0.0:0, where whoever reaches it could use every model: configure "identity" (docs/access.md), listen on 127.0.0.1, or say that this is meant with --allow-anonymous or "allowAnonymous": true`,
          );
          return true;
        },
      );
    });
  }

  it('listens for others where it is said that this is meant', async () => {
    const { server } = await startTestServer(repository.folder, { ...open, allowAnonymous: true });
    assert.match(server.addresses.http ?? '', /^0\.0\.0\.0:/);
    await server.close();
  });

  it('listens for others once callers are identified', async () => {
    const keys = new TestKeys(repository, { a: [] });
    const rules = [{ callers: ['a'], verbs: ['infer' as const] }];
    const { server } = await startTestServer(repository.folder, { ...open, ...keys.with(rules) });
    assert.match(server.addresses.http ?? '', /^0\.0\.0\.0:/);
    await server.close();
  });
});
