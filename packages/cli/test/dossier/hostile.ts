import { type Dossier, say } from '@manara/constructs';

/** What Markdown, Mermaid, HTML and SVG each read something into. */
export const hostile =
  'x"><script>alert(1)</script> `a` ``b`` *c* | [d](javascript:e) &amp; \\ end';

/** A document with hostile names wherever names can be. */
export const hostileDossier: Dossier = {
  title: hostile,
  facts: [{ name: hostile, value: hostile, tone: 'bad' }],
  sections: [
    {
      id: hostile,
      title: hostile,
      content: [
        { kind: 'paragraph', text: say`${[hostile]} and ${hostile}` },
        { kind: 'callout', tone: 'bad', title: hostile, text: say`${hostile}` },
        {
          kind: 'table',
          title: hostile,
          head: [hostile, hostile],
          rows: [{ cells: [say`${hostile}`, [hostile]], tone: 'bad' }],
        },
        {
          kind: 'diagram',
          title: hostile,
          groups: [{ id: hostile, label: hostile }],
          nodes: [
            { id: hostile, lines: [hostile, hostile], shape: 'service', group: hostile },
            { id: 'b', lines: ['b'], shape: 'store' },
          ],
          edges: [{ from: hostile, to: 'b', label: hostile, tone: 'bad' }],
        },
        {
          kind: 'steps',
          steps: [{ text: say`${[hostile]}`, commands: [hostile], queries: [hostile] }],
        },
      ],
    },
  ],
};
