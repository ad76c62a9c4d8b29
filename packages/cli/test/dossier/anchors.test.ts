import assert from 'node:assert/strict';
import type { DossierSection } from '@manara/constructs';
import { anchored } from '../../src/dossier/anchors';

function section(title: string, ...sections: readonly DossierSection[]): DossierSection {
  return { id: title, title, content: [], sections };
}

function anchorsOf(...sections: readonly DossierSection[]): readonly string[] {
  return anchored(sections, ({ title }) => title).flatMap(({ anchor, children }) => [
    anchor,
    ...children.map((child) => child.anchor),
  ]);
}

describe('anchored', () => {
  it('makes anchors as GitHub makes them of headings', () => {
    assert.deepEqual(anchorsOf(section('Who fails, or is slow?'), section('a_b <c> `d` – é')), [
      'who-fails-or-is-slow',
      'a_b-c-d--é',
    ]);
  });

  it('gives each its own, at every depth', () => {
    assert.deepEqual(anchorsOf(section('A', section('A')), section('A-1'), section('A')), [
      'a',
      'a-1',
      'a-1-1',
      'a-2',
    ]);
  });
});
