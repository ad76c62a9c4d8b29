import assert from 'node:assert/strict';
import type { DossierDiagram } from '@manara/constructs';
import { svg } from '../../src/dossier/svg';
import { hostile } from './hostile';

const diagram: DossierDiagram = {
  kind: 'diagram',
  title: 'Who calls',
  groups: [{ id: 'g', label: 'dubai' }],
  nodes: [
    { id: 'a', lines: ['pods'], shape: 'caller' },
    { id: 'b', lines: ['fraud', hostile], shape: 'service', group: 'g' },
  ],
  edges: [{ from: 'a', to: 'b', label: 'REST', tone: 'bad' }],
};

describe('svg', () => {
  const text = svg(diagram, 'd1');

  it('says in words what it shows', () => {
    assert.match(text, /role="img" aria-labelledby="d1-title d1-text"/);
    assert.match(text, /<title id="d1-title">Who calls<\/title>/);
    assert.match(text, /<desc id="d1-text">pods to fraud .*: REST\.<\/desc>/);
  });

  it('draws the edge in its tone, with an arrow of its own', () => {
    assert.match(
      text,
      /<path class="edge bad" d="M[\d.]+ [\d.]+[QL][^"]*" marker-end="url\(#d1-bad\)"\/>/,
    );
    assert.match(text, /<marker id="d1-bad" class="head bad"/);
  });

  it('escapes names', () => {
    assert.doesNotMatch(text, /<script/);
    assert.equal([...text.matchAll(/<svg/g)].length, 1);
    assert.doesNotMatch(text, /NaN|undefined/);
  });
});
