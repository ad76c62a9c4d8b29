import assert from 'node:assert/strict';
import { late, mapLate } from '../../src';
import { fillManifest } from '../../src/late/late-manifest';
import { refuses } from '../support/errors';

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');

describe('mapLate', () => {
  it('replaces text that holds a late value, at any depth, and nothing else', () => {
    const manifest = {
      kind: 'Deployment',
      metadata: { name: 'a', annotations: { role: late('role') } },
      spec: { replicas: 2, paused: false, none: null, args: ['--x', `--uri=${late('uri')}`] },
    };
    assert.deepEqual(
      mapLate(manifest, (text) => ({ resolved: text })),
      {
        kind: 'Deployment',
        metadata: { name: 'a', annotations: { role: { resolved: '${late:role}' } } },
        spec: {
          replicas: 2,
          paused: false,
          none: null,
          args: ['--x', { resolved: '--uri=${late:uri}' }],
        },
      },
    );
  });

  it('refuses a late key, naming where it stands', () => {
    const manifest = { kind: 'ConfigMap', data: { [late('key')]: 'v' } };
    refuses(() => mapLate(manifest, String), 'MANARA_LATE', 'ConfigMap.data', '"${late:key}"');
  });

  for (const field of ['data', 'binaryData']) {
    it(`refuses a late value in base64 under ${field}, and says where to put it`, () => {
      const manifest = {
        kind: 'Secret',
        metadata: { name: 'token' },
        [field]: { password: base64(`p:${late('password')}`) },
      };
      refuses(
        () => mapLate(manifest, String),
        'MANARA_LATE',
        'Secret token',
        `${field}.password`,
        'stringData',
      );
    });
  }

  it('accepts base64 without a late value, and a late value in plain text', () => {
    const manifest = {
      kind: 'Secret',
      data: { a: base64('plain') },
      stringData: { b: late('b') },
    };
    assert.deepEqual(
      mapLate(manifest, () => 'B'),
      { ...manifest, stringData: { b: 'B' } },
    );
  });
});

describe('fillManifest', () => {
  it('fills what it has a value for and collects the rest', () => {
    const missing = new Set<string>();
    const manifest = { a: late('have'), b: [late('lack')] };
    assert.deepEqual(fillManifest(manifest, { have: '1' }, missing), { a: '1', b: [''] });
    assert.deepEqual([...missing], ['lack']);
  });
});
