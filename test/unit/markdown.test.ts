import assert from 'node:assert/strict';
import { readMarkdown } from '../support/markdown';

describe('readMarkdown', () => {
  it('finds links in text, in link texts with code, with titles and in definitions', () => {
    const text = [
      'A [b](b.md), [`c`](../c.md#d), [e](<e.md> "title") and [f].',
      '',
      '[f]: f.md',
    ].join('\n');
    assert.deepEqual(readMarkdown(text).links, ['b.md', '../c.md#d', 'e.md', 'f.md']);
  });

  it('takes nothing in code for a link or a heading', () => {
    const text = [
      '```ts',
      '# no heading',
      'a[i](b.md)',
      '```',
      '',
      'Write `[x](x.md)` or ``[`](y.md)``.',
    ];
    const { anchors, links } = readMarkdown(text.join('\n'));
    assert.deepEqual(links, []);
    assert.deepEqual([...anchors], []);
  });

  it('names headings as GitHub does', () => {
    const text = [
      '# manara dev',
      '## The `--values` file: what, and why?',
      '## The [tree](tree.md)',
      '## Errors',
      '## Errors',
      '## snake_case – dash',
    ].join('\n\n');
    assert.deepEqual(
      [...readMarkdown(text).anchors],
      [
        'manara-dev',
        'the---values-file-what-and-why',
        'the-tree',
        'errors',
        'errors-1',
        'snake_case--dash',
      ],
    );
  });
});
