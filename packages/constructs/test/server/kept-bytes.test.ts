import assert from 'node:assert/strict';
import { keptBytes } from '../../src/server/kept-bytes';
import { at, documentOf } from '../support/manifests';
import { treeWith } from './support';

const mebibyte = 1024 ** 2;
const redis = { url: 'rediss://redis.data.svc' };
const models = { fraud: { variants: { a: { version: 1, weight: 1 } } } };

describe('keptBytes', () => {
  it('counts what is kept in memory, as large as it may get', () => {
    assert.equal(keptBytes({}), 0);
    assert.equal(keptBytes({ cache: {} }), 64 * mebibyte);
    assert.equal(keptBytes({ cache: { maxBytes: 4096 } }), 4096);
    assert.equal(keptBytes({ variants: { models, feedback: { maxPredictions: 10 } } }), 15_360);
    assert.equal(keptBytes({ variants: { models, feedback: {} } }), 153_600_000);
    assert.equal(keptBytes({ idempotency: { maxBytes: 2048 } }), 2048);
  });

  it('counts nothing that is kept in Redis', () => {
    const feedback = { redis };
    const config = { cache: { redis }, variants: { models, feedback }, jobs: { redis } };
    assert.equal(keptBytes({ ...config, idempotency: { maxBytes: 2048 } }), 0);
  });
});

describe('memory limit of a server', () => {
  it('has room for what is kept', () => {
    const limitOf = (server: Parameters<typeof treeWith>[0]) => {
      const deployment = documentOf(treeWith(server), 'Deployment', 'fraud');
      const pod = at(deployment, 'spec', 'template', 'spec');
      const limit = at(pod, 'containers', 0, 'resources', 'limits', 'memory');
      return Number(/^(\d+)Mi$/.exec(String(limit))?.[1]);
    };
    const without = limitOf({ config: {} });
    assert.equal(limitOf({ config: { cache: { maxBytes: 100 * mebibyte } } }), without + 100);
  });
});
