import assert from 'node:assert/strict';
import { type Dossier, type DossierContent, say } from '@manara/constructs';
import { dossierMarkdown } from '../../src/dossier/markdown';
import { hostile, hostileDossier } from './hostile';

function markdownOf(...content: readonly DossierContent[]): string {
  const document: Dossier = {
    title: 'T',
    facts: [],
    sections: [{ id: 's', title: 'S', content }],
  };
  return dossierMarkdown(document).split('## S\n\n')[1] ?? '';
}

describe('dossierMarkdown', () => {
  it('has a title, facts, contents and headings that the contents lead to', () => {
    const text = dossierMarkdown({
      title: 'Dossier of bank',
      facts: [{ name: 'Sites', value: 'dubai' }],
      sections: [
        {
          id: 'a',
          title: 'One',
          content: [],
          sections: [{ id: 'b', title: 'Two, too', content: [] }],
        },
      ],
    });
    assert.match(
      text,
      /^# Dossier of bank\n\n\| {2}\| {2}\|\n\| --- \| --- \|\n\| Sites \| dubai \|\n/,
    );
    assert.match(text, /\n- \[One\]\(#one\)\n {2}- \[Two, too\]\(#two-too\)\n/);
    assert.match(text, /\n## One\n\n### Two, too\n/);
  });

  it('escapes words, and fences code with more backticks than are in it', () => {
    assert.equal(
      markdownOf({ kind: 'paragraph', text: say`<b> *x* [y](z) &lt; ${'a`b``c'} ${'`'}` }).trim(),
      '\\<b\\> \\*x\\* \\[y\\](z) &amp;lt; ```a`b``c``` `` ` ``',
    );
  });

  it('keeps cells apart, whatever is in them', () => {
    const table = markdownOf({
      kind: 'table',
      title: 't',
      head: ['a|b', 'c'],
      rows: [{ cells: [say`${'x|y'}`, ['p|q\nr']], tone: 'bad' }, { cells: [['1'], ['2']] }],
    });
    assert.equal(
      table.trim(),
      '|  | a\\|b | c |\n| --- | --- | --- |\n| ✗ | `x\\|y` | p\\|q r |\n|  | 1 | 2 |',
    );
  });

  it('numbers steps, with commands and queries in fences of their own', () => {
    const steps = markdownOf({
      kind: 'steps',
      steps: [
        { text: ['Look'], commands: ['kubectl get pods', 'ls'], queries: ['sum(x)'] },
        { text: ['Done?'], commands: ['a ``` b'], queries: [] },
      ],
    });
    assert.equal(
      steps.trim(),
      [
        '1. Look.\n\n   ```sh\n   kubectl get pods\n   ls\n   ```\n\n   ```promql\n   sum(x)\n   ```',
        '2. Done?\n\n   ````sh\n   a ``` b\n   ````',
      ].join('\n\n'),
    );
  });

  it('reads nothing into hostile names', () => {
    const text = dossierMarkdown(hostileDossier);
    const outside = text
      .replace(/^ *(`{3,})[\s\S]*?^ *\1$/gm, '')
      .replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
    assert.doesNotMatch(outside, /(?<!\\)<script/, 'no HTML');
    assert.doesNotMatch(outside, /(?<!\\)\]\(javascript/, 'no link');
    const cells = text.split('\n').find((line) => line.startsWith('| ✗ |')) ?? '';
    assert.equal(cells.replaceAll('\\|', '').split('|').length, 5, cells);
    assert.ok(text.includes(`\n   ${hostile}\n`), 'commands stay as they are');
  });
});
