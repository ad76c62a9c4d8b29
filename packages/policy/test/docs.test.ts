import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '@manara/residency';
import { residencyPolicies } from '../src';
import { uae } from './support/judge';

// Compiled files sit in packages/policy/build/test.
const repository = join(__dirname, '..', '..', '..', '..');
const read = (...path: readonly string[]) => readFileSync(join(repository, ...path), 'utf8');

describe('docs/policy.md', () => {
  const page = read('docs', 'policy.md');

  it('lists every policy that is no residency rule', () => {
    const flowRules = new Set(rules.map(({ id }) => id));
    const policies = residencyPolicies('uae', uae)
      .filter(({ name }) => !flowRules.has(name))
      .map(({ name, enforcementLevel, description }) => [
        `\`${name}\``,
        enforcementLevel,
        description,
      ]);
    const [, section = ''] = page.split('## Rules on a cloud');
    const rows = Array.from(section.matchAll(/^\| (`.+?`) +\| (.+?) +\| (.+?) +\|$/gm));
    assert.deepEqual(
      rows.map(([, name, level, title]) => [name, level, title]),
      policies,
    );
  });

  it('shows the example as it is', () => {
    for (const file of ['index.ts', 'PulumiPolicy.yaml']) {
      assert.ok(page.includes(read('examples', 'policy', file)), file);
    }
  });
});
