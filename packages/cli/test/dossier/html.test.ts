import assert from 'node:assert/strict';
import type { Dossier } from '@manara/constructs';
import { dossierHtml } from '../../src/dossier/html';
import { escapeHtml, textHtml } from '../../src/dossier/html-text';
import { hostile, hostileDossier } from './hostile';

/** Tags and their attributes, of which nothing else than the page itself may have brought one. */
function tagsOf(html: string): readonly string[] {
  return [...html.replace(/<style>[\s\S]*?<\/style>/, '').matchAll(/<([a-z0-9]+)/gi)].map(
    ([, name = '']) => name,
  );
}

const document: Dossier = {
  title: 'Dossier of bank',
  facts: [{ name: 'Sites', value: 'dubai' }],
  sections: [
    {
      id: 'one',
      title: 'One',
      content: [
        { kind: 'table', title: 'Rows', head: ['A', 'B'], rows: [{ cells: [['x'], ['y']] }] },
      ],
      sections: [{ id: 'flows-of-bank/fraud', title: 'Two', content: [] }],
    },
  ],
};

describe('dossierHtml', () => {
  it('asks for nothing, and runs nothing', () => {
    const html = dossierHtml(document);
    assert.match(
      html,
      /Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'/,
    );
    assert.doesNotMatch(html, /<(script|link|img|iframe|object|embed)\b|@import|url\((?!#)|src=/);
  });

  it('has contents that lead to headings, and names for all that a reader cannot see', () => {
    const html = dossierHtml(document);
    const ids = new Set([...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
    const links = [...html.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id);
    assert.ok(links.length >= 5);
    assert.deepEqual(
      links.filter((id) => !ids.has(id)),
      [],
    );
    assert.match(html, /<caption>Rows<\/caption>/);
    assert.match(html, /<th role="columnheader" scope="col">A<\/th>/);
    assert.match(html, /<td role="cell" data-label="B">y<\/td>/);
    assert.match(html, /<html lang="en">/);
  });

  it('reads nothing into hostile names', () => {
    const html = dossierHtml(hostileDossier);
    assert.equal(tagsOf(html).includes('script'), false);
    assert.equal(tagsOf(html).includes('b'), false);
    assert.doesNotMatch(html, /href="(?!#)/);
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id ?? '');
    assert.equal(new Set(ids).size, ids.length, 'ids are unique');
    assert.ok(html.includes(`<code>${escapeHtml(hostile)}</code>`), 'commands stay whole');
  });
});

describe('escapeHtml', () => {
  it('escapes for text and attributes, and drops what no page may hold', () => {
    assert.equal(
      escapeHtml(`<a b="c" d='e'>&\u0000\u001b\n`),
      '&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;\ufffd\ufffd\n',
    );
  });

  it('lets long names break without breaking an entity', () => {
    assert.equal(textHtml([{ code: 'a/b&c.d' }]), '<code>a/<wbr>b&amp;c.<wbr>d</code>');
    assert.equal(textHtml(['<i>']), '&lt;i&gt;');
    assert.equal(
      textHtml([`see ${'&'.repeat(31)} there`]),
      `see ${['&amp;'.repeat(15), '&amp;'.repeat(15), '&amp;'].join('<wbr>')} there`,
    );
  });
});
