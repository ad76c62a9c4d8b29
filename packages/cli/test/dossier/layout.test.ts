import assert from 'node:assert/strict';
import type { DossierDiagram } from '@manara/constructs';
import { draw } from '../../src/dossier/layout';

const diagram: DossierDiagram = {
  kind: 'diagram',
  title: 't',
  groups: [
    { id: 'g', label: 'a group with quite a long name of its own' },
    { id: 'empty', label: 'nobody' },
  ],
  nodes: [
    { id: 'a', lines: ['a'], shape: 'service', group: 'g' },
    { id: 'b', lines: ['b', 'much longer than b'], shape: 'store' },
    { id: 'c', lines: ['c'], shape: 'store' },
  ],
  edges: [
    { from: 'a', to: 'b', label: 'x' },
    { from: 'a', to: 'b', label: 'y' },
    { from: 'c', to: 'c', label: 'itself' },
  ],
};

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

describe('draw', () => {
  const drawing = draw(diagram);

  it('gives everything a place inside', () => {
    const boxes: readonly Box[] = [...drawing.nodes, ...drawing.groups];
    assert.equal(boxes.length, 4, 'an empty group is not drawn');
    for (const { x, y, width, height } of boxes) {
      assert.ok(x - width / 2 >= 0 && x + width / 2 <= drawing.width);
      assert.ok(y - height / 2 >= 0 && y + height / 2 <= drawing.height);
    }
    assert.ok(drawing.edges.every(({ points }) => points.length > 1));
  });

  it('keeps nodes apart, and those of a group within it', () => {
    const [a, b, c] = drawing.nodes;
    const [group] = drawing.groups;
    assert.ok(a !== undefined && b !== undefined && c !== undefined && group !== undefined);
    for (const [one, other] of [
      [a, b],
      [a, c],
      [b, c],
    ] as const) {
      const apart =
        Math.abs(one.x - other.x) >= (one.width + other.width) / 2 ||
        Math.abs(one.y - other.y) >= (one.height + other.height) / 2;
      assert.ok(apart);
    }
    assert.ok(group.x - group.width / 2 <= a.x - a.width / 2);
    assert.ok(group.y - group.height / 2 + 20 <= a.y - a.height / 2, 'room for its name');
    assert.ok(a.x < b.x, 'from left to right');
  });

  it('draws nothing of nothing', () => {
    assert.deepEqual(draw({ ...diagram, groups: [], nodes: [], edges: [] }).nodes, []);
  });
});
