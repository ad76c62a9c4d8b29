import assert from 'node:assert/strict';
import { changes, pathText } from '../plugin/changes';
import { shapedLike } from './shape';

describe('the shape of an object', () => {
  it('is that of the inputs: defaults and fields of others are left out', () => {
    const live = {
      metadata: { name: 'a', uid: '1', labels: { ours: 'yes', theirs: 'yes' } },
      spec: { ports: [{ port: 80, protocol: 'TCP' }], type: 'ClusterIP' },
      status: {},
    };
    const inputs = {
      metadata: { name: 'a', labels: { ours: 'yes' } },
      spec: { ports: [{ port: 80 }] },
    };
    assert.deepEqual(shapedLike(live, inputs), inputs);
  });

  it('shows what was changed, taken away or added to a list', () => {
    const inputs = { metadata: { labels: { a: '1', b: '2' } }, spec: { args: ['x'] } };
    const live = { metadata: { labels: { a: 'other' } }, spec: { args: ['x', 'y'] } };
    assert.deepEqual(shapedLike(live, inputs), live);
  });

  it('keeps the program’s words for the same quantity, and for what the server leaves out', () => {
    const inputs = { spec: { limits: { cpu: '2000m' }, hostNetwork: false, externalIPs: [] } };
    assert.deepEqual(shapedLike({ spec: { limits: { cpu: '2' } } }, inputs), inputs);
  });

  it('reads stringData back from data', () => {
    const data = { user: Buffer.from('reader').toString('base64') };
    const inputs = { stringData: { user: 'writer' } };
    assert.deepEqual(shapedLike({ data }, inputs), { stringData: { user: 'reader' } });
  });
});

describe('changes', () => {
  const found = (from: object, to: object): readonly string[] =>
    changes(from as never, to as never).map(({ path, kind }) => `${kind} ${pathText(path)}`);

  it('are the leaves that differ, by their paths', () => {
    const before = { data: { 'config.json': '1', old: '' }, spec: { ports: [{ port: 1 }] } };
    const after = { data: { 'config.json': '2', new: '' }, spec: { ports: [{ port: 2 }, {}] } };
    assert.deepEqual(found(before, after), [
      'update data["config.json"]',
      'delete data.old',
      'add data.new',
      'update spec.ports[0].port',
      'add spec.ports[1]',
    ]);
  });

  it('are none between equal values', () => {
    assert.deepEqual(found({ a: [1, { b: null }] }, { a: [1, { b: null }] }), []);
  });
});
