import assert from 'node:assert/strict';
import { replacing } from './replacement';
import { changes } from '../plugin/changes';

describe('what cannot be changed in place', () => {
  const replaced = (
    from: Parameters<typeof replacing>[0],
    to: Parameters<typeof replacing>[0],
    configMaps = false,
  ): readonly string[] =>
    replacing(to, changes(from, to), { configMaps, secrets: false }).map(({ path }) =>
      path.join('.'),
    );

  it('is a name, a namespace, and a workload’s selector', () => {
    const from = { kind: 'Deployment', metadata: { name: 'a' }, spec: { selector: { x: '1' } } };
    const to = { kind: 'Deployment', metadata: { name: 'b' }, spec: { selector: { x: '2' } } };
    assert.deepEqual(replaced(from, to), ['metadata.name', 'spec.selector.x']);
    const scaled = { ...from, spec: { ...from.spec, replicas: 2 } };
    assert.deepEqual(replaced(from, scaled), []);
  });

  it('is what a ConfigMap holds, unless it may change and is not immutable', () => {
    const from = { kind: 'ConfigMap', data: { a: '1' } };
    const to = { kind: 'ConfigMap', data: { a: '2' } };
    assert.deepEqual(replaced(from, to), ['data.a']);
    assert.deepEqual(replaced(from, to, true), []);
    assert.deepEqual(replaced(from, { ...to, immutable: true }, true), ['data.a']);
  });
});
