import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseServerConfig, serverConfigSchema } from '@manara/contract';
import { readBatchOptions } from '../../src/jobs/batch/options';

const page = readFileSync(join(__dirname, '..', '..', '..', '..', 'docs', 'jobs.md'), 'utf8');

describe('docs/jobs.md', () => {
  const blocks = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(
    ([, text = '']) => JSON.parse(text) as Readonly<Record<string, unknown>>,
  );

  it('shows configurations and orders that are taken', () => {
    const kinds = blocks.map((block) => {
      if ('input' in block) return (readBatchOptions(block), 'order');
      const jobs = 'webhook' in block ? { jobs: { folder: '/jobs', ...block } } : block;
      return (parseServerConfig(jobs), 'configuration');
    });
    assert.deepEqual(kinds, ['configuration', 'order', 'configuration']);
  });

  it('tells of every key', () => {
    const { jobs, idempotency } = serverConfigSchema.properties;
    for (const key of [...Object.keys(jobs.properties), ...Object.keys(idempotency.properties)]) {
      assert.match(page, new RegExp(`\\b${key}\\b`), key);
    }
  });
});
