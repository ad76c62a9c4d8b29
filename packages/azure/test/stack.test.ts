import assert from 'node:assert/strict';
import { none } from '@manara/constructs';
import type { Registered } from '@manara/pulumi-testing';
import {
  CpuNodePool,
  FailoverRecord,
  GpuNodePool,
  Guardrails,
  ModelBucket,
  ServingNetwork,
} from '../src';
import { clusterOn } from './support/cluster';
import { home, lazily, record } from './support/fixtures';
import { offerings } from './support/skus';
import { base, cidr, site } from './support/stack';

/** One of each, and all that they are made of. */
const stack = lazily(() =>
  record(() => {
    const on = base();
    const to = [{ name: 'x', place: home, addresses: ['192.0.2.0/24'] }] as const;
    const net = new ServingNetwork('net', { ...on, cidr, internet: { why: 'x', to } });
    const stands = site(on, net);
    const aks = clusterOn(stands);
    new ModelBucket('models', stands).grantRead(aks, {
      namespace: 'bank',
      serviceAccount: 'fraud',
    });
    const pool = { ...on, cluster: aks, nodes: { min: 1, max: 2 }, offerings };
    new CpuNodePool('web', { ...pool, vmSize: 'Standard_D8s_v5', spot: { floor: 1 } });
    new GpuNodePool('gpu', { ...pool, vmSize: 'Standard_NC24ads_A100_v4' });
    new Guardrails('rails', { zone: on.zone, place: home, scope: '/subscriptions/sub' });
    new FailoverRecord('fraud', {
      ...on,
      dns: none('public'),
      label: 'fraud',
      endpoints: [
        { name: 'a', place: home, target: '192.0.2.1' },
        { name: 'b', place: 'aws:me-central-1', target: '192.0.2.2' },
      ],
    });
  }),
);

async function resources(): Promise<readonly Registered[]> {
  return (await stack()).registered.filter(({ type }) => type.startsWith('azure-native:'));
}

/** Services that Azure has once for all regions. */
const global = /:(PrivateZone|VirtualNetworkLink|trafficmanager:Profile)$/;

/** Settings of something else, and parts of it: they are where that is, and take no tags. */
const parts =
  /:(AgentPool|Blob\w+|CacheRule|DiagnosticSetting|FederatedIdentityCredential|Key|ManagementPolicy|PolicyAssignment|PrivateDnsZoneGroup|RoleAssignment|Subnet)$/;

/** Parts that take tags all the same. */
const tagged = /:(AgentPool|Key)$/;

/** Values under a key, wherever it stands in the inputs of a resource. */
function valuesOf(key: string, inputs: unknown): readonly unknown[] {
  if (typeof inputs !== 'object' || inputs === null) return [];
  return Object.entries(inputs).flatMap(([k, value]: readonly [string, unknown]) => [
    ...(k === key ? [value] : []),
    ...valuesOf(key, value),
  ]);
}

describe('a stack of every component', () => {
  it('gives each resource its location', async () => {
    for (const { type, name, inputs } of await resources()) {
      const elsewhere = global.test(type) ? 'global' : 'uaenorth';
      const expected = parts.test(type) ? undefined : elsewhere;
      assert.equal(inputs.location, expected, `${type} ${name}`);
    }
  });

  it('tags whatever can be, with its zone and component', async () => {
    for (const { type, name, parent, inputs } of await resources()) {
      const tags = inputs.tags as Readonly<Record<string, string>> | undefined;
      if (parts.test(type) && !tagged.test(type)) {
        assert.equal(tags, undefined, `${type} ${name}`);
      } else {
        assert.equal(tags?.['manara-zone'], 'bank', `${type} ${name}`);
        assert.match(tags['manara-component'] ?? '', new RegExp(`^\\w+/${parent}$`));
      }
    }
  });

  it('makes each the child of its component, called after it', async () => {
    const { registered } = await stack();
    const components = registered.filter(({ type }) => type.startsWith('manara:'));
    const parents = new Set(components.map(({ name }) => name));
    for (const { type, name, parent } of await resources()) {
      assert(parents.has(parent), `${type} ${name}`);
      assert(name.startsWith(parent), `${type} ${name} of ${parent}`);
    }
  });

  it('has nothing that is open to the internet, but the address that it goes out by', async () => {
    const all = await resources();
    const open = all.flatMap(({ name, inputs }) =>
      valuesOf('publicNetworkAccess', inputs)
        .filter((value) => String(value).toLowerCase() !== 'disabled')
        .map(() => name),
    );
    assert.deepEqual(open, []);
    assert.deepEqual(
      all.filter(({ type }) => type.endsWith(':PublicIPAddress')).map(({ name }) => name),
      ['net-nat'],
    );
    const closed = all.filter(({ type }) => /:(Vault|StorageAccount|Registry)$/.test(type));
    assert.deepEqual(
      closed.map(({ inputs }) => valuesOf('publicNetworkAccess', inputs).length),
      [1, 1, 1, 1],
    );
  });

  it('copies nothing to another region', async () => {
    const all = await resources();
    const of = (type: string) => all.filter((r) => r.type.endsWith(`:${type}`));
    assert.deepEqual(
      of('StorageAccount').map(({ inputs }) => inputs.sku),
      [{ name: 'Standard_LRS' }, { name: 'Standard_ZRS' }],
    );
    assert.deepEqual(of('Replication'), []);
    assert.deepEqual(of('ObjectReplicationPolicy'), []);
  });
});
