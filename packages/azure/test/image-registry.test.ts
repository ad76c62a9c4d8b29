import assert from 'node:assert/strict';
import { auditTree, hasLate, none } from '@manara/constructs';
import { ServingKeys, ServingNetwork, ImageRegistry } from '../src';
import { roles } from '../src/facts/roles';
import {
  capital,
  childrenOf,
  lazily,
  located,
  record,
  roleId,
  subnetDefaults,
  type UaePlace,
  zone,
} from './support/fixtures';
import { refuses, refusesAbroad } from './support/refusals';
import { base, type Base, site } from './support/stack';

const ours = located('ImageRegistry/images');

function registry(args: object = {}, on: Base = base()): ImageRegistry<UaePlace> {
  return new ImageRegistry('images', {
    ...site({ ...on, place: 'azure:uaenorth' }),
    ...on,
    ...args,
  });
}

const reason = "AKS's own images come from Microsoft; accepted by risk 2026-114";
const usual = lazily(() => record(() => registry({ systemImages: none(reason) })));

async function childOf(key: string) {
  return childrenOf((await usual()).registered, 'images')[key];
}

describe('ImageRegistry', () => {
  it('has a registry, its identity, its endpoint, its log, and no replica', async () => {
    assert.deepEqual(Object.keys(childrenOf((await usual()).registered, 'images')).sort(), [
      'CacheRule images-system-images',
      'DiagnosticSetting images',
      'PrivateDnsZoneGroup images',
      'PrivateEndpoint images',
      'Registry images',
      'RoleAssignment images-key',
      'UserAssignedIdentity images',
    ]);
  });

  it('is private, encrypted with the key for images, and lets in identities alone', async () => {
    assert.deepEqual(await childOf('Registry images'), {
      ...ours,
      sku: { name: 'Premium' },
      adminUserEnabled: false,
      anonymousPullEnabled: false,
      dataEndpointEnabled: true,
      publicNetworkAccess: 'Disabled',
      networkRuleBypassOptions: 'None',
      zoneRedundancy: 'Enabled',
      identity: { type: 'UserAssigned', userAssignedIdentities: { 'images-id': {} } },
      encryption: {
        status: 'enabled',
        keyVaultProperties: {
          identity: 'images-client',
          keyIdentifier: 'https://vault/keys/keys-images',
        },
      },
      policies: {
        exportPolicy: { status: 'disabled' },
        quarantinePolicy: { status: 'disabled' },
        retentionPolicy: { status: 'enabled', days: 7 },
      },
    });
    assert.deepEqual(await childOf('UserAssignedIdentity images'), ours);
    assert.deepEqual(await childOf('RoleAssignment images-key'), {
      scope: 'keys-id/keys/images',
      roleDefinitionId: roleId(roles.keyVaultCryptoServiceEncryptionUser),
      principalId: 'images-principal',
      principalType: 'ServicePrincipal',
    });
  });

  it('waits until its identity may use the key', async () => {
    const { registered } = await usual();
    const made = registered.find((r) => r.type.endsWith(':Registry'));
    assert(made?.dependsOn.includes('images-key'));
  });

  it('answers in the network alone, and logs who entered and what was pulled', async () => {
    assert.deepEqual(await childOf('PrivateEndpoint images'), {
      ...ours,
      subnet: { id: 'net-endpoints-id', ...subnetDefaults },
      privateLinkServiceConnections: [
        { name: 'registry', privateLinkServiceId: 'images-id', groupIds: ['registry'] },
      ],
    });
    assert.deepEqual(await childOf('PrivateDnsZoneGroup images'), {
      resourceGroupName: 'serving',
      privateEndpointName: 'images-name',
      privateDnsZoneGroupName: 'default',
      privateDnsZoneConfigs: [{ name: 'registry', privateDnsZoneId: 'net-registry-id' }],
    });
    assert.deepEqual(await childOf('DiagnosticSetting images'), {
      name: 'manara',
      resourceUri: 'images-id',
      workspaceId: 'net-id',
      logAnalyticsDestinationType: 'Dedicated',
      logs: [
        { category: 'ContainerRegistryLoginEvents', enabled: true },
        { category: 'ContainerRegistryRepositoryEvents', enabled: true },
      ],
    });
  });

  it("fetches AKS's own images under the rule that AKS looks for, where that is said", async () => {
    assert.deepEqual(await childOf('CacheRule images-system-images'), {
      cacheRuleName: 'aks-managed-mcr',
      registryName: 'images-name',
      resourceGroupName: 'serving',
      sourceRepository: 'mcr.microsoft.com/*',
      targetRepository: 'aks-managed-repository/*',
    });
    const { registered, result } = await record(() => registry());
    assert.equal(result.hasSystemImages, false);
    assert(!('CacheRule images-system-images' in childrenOf(registered, 'images')));
  });

  it('is a registry that sites name, by an address that is known late', async () => {
    const { registry: store } = (await usual()).result;
    assert.equal(store.place, 'azure:uaenorth');
    assert(hasLate(store.prefix));
  });

  it('has no zones where the region has none, and the days and quarantine that it is given', async () => {
    const { registered } = await record(() => {
      const on = { ...base(), place: capital } as const;
      const network = new ServingNetwork('net', { ...on, cidr: '10.30.0.0/16' });
      const keys = new ServingKeys('keys', { ...on, network });
      return new ImageRegistry('images', {
        ...on,
        network,
        keys,
        untaggedDays: 0,
        quarantine: true,
      });
    });
    const { zoneRedundancy, policies, location } = childrenOf(registered, 'images')[
      'Registry images'
    ] as Record<string, unknown>;
    assert.equal(location, 'uaecentral');
    assert.equal(zoneRedundancy, 'Disabled');
    assert.deepEqual(policies, {
      exportPolicy: { status: 'disabled' },
      quarantinePolicy: { status: 'enabled' },
      retentionPolicy: { status: 'enabled', days: 0 },
    });
  });

  it('tells the auditor of the images that come from no place', async () => {
    const within = zone();
    await record(() => registry({ systemImages: none(reason) }, base(within)));
    const flows = auditTree(within)
      .flatMap((audit) => audit.flows)
      .filter(({ owner }) => owner === 'bank/azure:ImageRegistry:images');
    assert.deepEqual(
      flows.map((flow) => [flow.kind, flow.status, flow.status === 'absent' && flow.reason]),
      [
        ['storage', 'declared', false],
        ['log', 'declared', false],
        ['image', 'absent', reason],
      ],
    );
  });

  refusesAbroad('images', (on) => registry({}, on));

  const at = 'manara:azure:ImageRegistry "images":';
  refuses('images', [
    [
      'days out of range',
      (on) => registry({ untaggedDays: 366 }, on),
      `${at} untaggedDays: expected whole days from 0 to 365; received 366 (MANARA_ARGS)`,
    ],
    [
      'system images without a reason',
      (on) => registry({ systemImages: true }, on),
      `${at} systemImages: expected none('why'); received true (MANARA_ARGS)`,
    ],
    [
      'keys of another place',
      (on) => registry({ place: capital }, on),
      `${at} keys: expected one of zone "bank" at azure:uaecentral; received one of that zone at azure:uaenorth (MANARA_PLACE)`,
    ],
    [
      'a quarantine that is neither on nor off',
      (on) => registry({ quarantine: 'yes' }, on),
      `${at} quarantine: expected true or false; received "yes" (MANARA_ARGS)`,
    ],
  ]);
});
