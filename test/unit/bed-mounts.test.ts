import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiServer } from '../bed/api-server';
import { Mounts } from '../bed/kubelet/mounts';
import type { Pod } from '../bed/kubelet/pod';

const folder = mkdtempSync(join(tmpdir(), 'manara-mounts-'));

const container = {
  name: 'server',
  image: 'bed.test/server',
  volumeMounts: [
    { name: 'settings', mountPath: '/data/settings' },
    { name: 'keys', mountPath: '/etc/keys' },
    { name: 'fields', mountPath: '/etc/fields' },
    { name: 'models', mountPath: '/models' },
  ],
};

const pod = {
  metadata: { namespace: 'bank', name: 'scores-1', annotations: { 'bed.test/config': '{"a":1}' } },
  spec: {
    containers: [container],
    volumes: [
      { name: 'settings', configMap: { name: 'settings' } },
      { name: 'keys', secret: { secretName: 'keys', items: [{ key: 'one', path: 'in/1.key' }] } },
      {
        name: 'fields',
        downwardAPI: {
          items: [
            {
              path: 'config.json',
              fieldRef: { fieldPath: "metadata.annotations['bed.test/config']" },
            },
            { path: 'name', fieldRef: { fieldPath: 'metadata.name' } },
          ],
        },
      },
      { name: 'models' },
    ],
  },
} as unknown as Pod;

/** Objects by kind, as the API server would have them. */
const objects: Readonly<Record<string, object>> = {
  ConfigMap: { data: { 'a.yaml': 'a: 1' } },
  Secret: { data: { one: Buffer.from('secret').toString('base64'), two: '' } },
};
const api = {
  get: ({ kind }: { readonly kind: string }) => Promise.resolve(objects[kind]),
} as unknown as ApiServer;

describe('mounts of the bed', () => {
  let mounts: Mounts;

  before(async () => {
    mounts = await Mounts.of({ pod, container, ip: '10.244.0.1', folder, api });
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('hold ConfigMaps, the wanted keys of Secrets, and fields of the pod', () => {
    const read = (path: string): string => readFileSync(mounts.pathOf(path), 'utf8');
    assert.equal(read('/data/settings/a.yaml'), 'a: 1');
    assert.equal(read('/etc/keys/in/1.key'), 'secret');
    assert.throws(() => read('/etc/keys/two'), { code: 'ENOENT' });
    assert.equal(read('/etc/fields/config.json'), '{"a":1}');
    assert.equal(read('/etc/fields/name'), 'scores-1');
  });

  it('are found by paths in them and above them, and leave other texts alone', () => {
    assert.equal(mounts.pathOf('/models'), join(folder, 'root', 'models'));
    assert.equal(mounts.pathOf('/data'), join(folder, 'root', 'data'));
    for (const text of ['', '/', '/model', '/v2/health', '--config', 'models']) {
      assert.equal(mounts.pathOf(text), text);
    }
  });
});
