import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartObjects } from '@manara/constructs';
import { app } from '../main';
import { repositoryRoot } from './support/stack';

const page = readFileSync(join(repositoryRoot, 'docs', 'pulumi.md'), 'utf8');

describe('docs/pulumi.md', () => {
  for (const file of ['pulumi.ts', 'aws.ts', 'azure.ts']) {
    it(`shows ${file} as it is`, () => {
      const source = readFileSync(join(repositoryRoot, 'examples', 'uae-bank', file), 'utf8');
      assert.ok(page.includes(`\`\`\`ts\n${source}\`\`\``));
    });
  }

  it('names every Secret and claim that pods mount and nothing makes', () => {
    const manifests = chartObjects(app).flatMap(({ objects }) => objects.map((o) => o.manifest));
    const mentions = JSON.stringify(manifests).matchAll(/"(?:secretName|claimName)":"([^"]+)"/g);
    const mounted = new Set(Array.from(mentions, ([, name = '']) => name));
    assert.deepEqual([...mounted].sort(), ['model-store', 'registry-of-azure-uaenorth']);
    for (const name of mounted) assert.ok(page.includes(`\`${name}\``), name);
  });
});
