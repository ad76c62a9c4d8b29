import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './support/stack';

const page = readFileSync(join(repositoryRoot, 'docs', 'pulumi.md'), 'utf8');

describe('docs/pulumi.md', () => {
  for (const file of ['pulumi.ts', 'aws.ts', 'azure.ts']) {
    it(`shows ${file} as it is`, () => {
      const source = readFileSync(join(repositoryRoot, 'examples', 'uae-bank', file), 'utf8');
      assert.ok(page.includes(`\`\`\`ts\n${source}\`\`\``));
    });
  }
});
