import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseServerConfig } from '@manara/contract';

const folder = join(__dirname, '..', '..', '..', 'docs');

describe('the documented configuration', () => {
  for (const page of ['cache.md', 'variants.md', 'fallback.md', 'graphs.md']) {
    it(`of ${page} is one that the server takes`, () => {
      const text = readFileSync(join(folder, page), 'utf8');
      const blocks = [...text.matchAll(/```json\n([^]*?)```/g)].map(([, json = '']) => json);
      const configurations = blocks
        .map((json) => JSON.parse(json) as Record<string, unknown>)
        .filter((value) => 'modelRepository' in value);
      assert.ok(configurations.length > 0);
      for (const value of configurations) assert.equal(parseServerConfig(value), value);
    });
  }
});
