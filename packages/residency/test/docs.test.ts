import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hosts, residencyErrorCodes, rules } from '../src';

const page = readFileSync(join(__dirname, '../../../../docs/residency.md'), 'utf8');

/** Body of the table under a heading, a row a line, cells trimmed. */
function table(heading: string): readonly (readonly string[])[] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0];
  assert.notEqual(section, undefined, `docs/residency.md has no section "${heading}"`);
  const rows = section!.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

describe('docs/residency.md', () => {
  it('lists the rules as they are: id, requirement, sources with their standing', () => {
    const expected = rules.map(({ id, title, sources }) => [
      `\`${id}\``,
      title,
      sources.map((source) => `${source.title} (${source.standing})`).join('<br>'),
    ]);
    assert.deepEqual(table('Rules'), expected);
  });

  it('lists the hosts as they are', () => {
    const expected = hosts.map(({ host, operator, countries, source }) => [
      `\`${host}\``,
      operator,
      typeof countries === 'string' ? countries : countries.join(', '),
      source.standing,
    ]);
    assert.deepEqual(table('Well-known hosts'), expected);
  });

  it('explains every error code, in the order of the catalogue', () => {
    const documented = table('Errors').map(([code]) => code);
    assert.deepEqual(
      documented,
      residencyErrorCodes.map((code) => `\`${code}\``),
    );
  });
});
