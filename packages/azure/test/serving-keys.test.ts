import { output } from '@pulumi/pulumi';
import assert from 'node:assert/strict';
import { auditTree, late, none } from '@manara/constructs';
import { ServingKeys } from '../src';
import {
  childrenOf,
  lazily,
  located,
  record,
  subnetDefaults,
  tags,
  type UaePlace,
  zone,
} from './support/fixtures';
import { refuses, refusesAbroad } from './support/refusals';
import { base, type Base, network } from './support/stack';

const ours = located('ServingKeys/dubai');

function keys(args: object = {}, on: Base = base(), name = 'dubai'): ServingKeys<UaePlace> {
  const net = network({ ...on, place: 'azure:uaenorth' });
  return new ServingKeys(name, { ...on, network: net, ...args });
}

const usual = lazily(() => record(() => keys()));

async function childOf(key: string, args?: object) {
  const { registered } = await (args === undefined ? usual() : record(() => keys(args)));
  return childrenOf(registered, 'dubai')[key];
}

describe('ServingKeys', () => {
  it('is a vault, a key for each purpose, a private endpoint and an audit log', async () => {
    const { registered } = await usual();
    assert.deepEqual(Object.keys(childrenOf(registered, 'dubai')).sort(), [
      'DiagnosticSetting dubai',
      'Key dubai-disks',
      'Key dubai-images',
      'Key dubai-models',
      'Key dubai-secrets',
      'PrivateDnsZoneGroup dubai',
      'PrivateEndpoint dubai',
      'Vault dubai',
    ]);
  });

  it('keeps the vault off the internet, under roles, and against purging', async () => {
    assert.deepEqual(await childOf('Vault dubai'), {
      ...ours,
      properties: {
        tenantId: 'tenant',
        sku: { family: 'A', name: 'premium' },
        enableRbacAuthorization: true,
        enableSoftDelete: true,
        softDeleteRetentionInDays: 90,
        enablePurgeProtection: true,
        enabledForDeployment: false,
        enabledForDiskEncryption: false,
        enabledForTemplateDeployment: false,
        publicNetworkAccess: 'disabled',
        networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny' },
      },
    });
  });

  for (const purpose of ['models', 'images', 'secrets', 'disks']) {
    it(`rotates the key for ${purpose}, which never leaves its module`, async () => {
      assert.deepEqual(await childOf(`Key dubai-${purpose}`), {
        keyName: purpose,
        vaultName: 'dubai-name',
        resourceGroupName: 'serving',
        properties: {
          kty: 'RSA-HSM',
          keySize: 3072,
          keyOps: ['wrapKey', 'unwrapKey', 'encrypt', 'decrypt'],
          rotationPolicy: {
            lifetimeActions: [
              { action: { type: 'rotate' }, trigger: { timeAfterCreate: 'P365D' } },
            ],
          },
        },
        tags: tags('ServingKeys/dubai'),
      });
    });
  }

  it('answers in the network alone', async () => {
    assert.deepEqual(await childOf('PrivateEndpoint dubai'), {
      ...ours,
      subnet: { id: 'net-endpoints-id', ...subnetDefaults },
      privateLinkServiceConnections: [
        { name: 'vault', privateLinkServiceId: 'dubai-id', groupIds: ['vault'] },
      ],
    });
    assert.deepEqual(await childOf('PrivateDnsZoneGroup dubai'), {
      resourceGroupName: 'serving',
      privateEndpointName: 'dubai-name',
      privateDnsZoneGroupName: 'default',
      privateDnsZoneConfigs: [{ name: 'vault', privateDnsZoneId: 'net-vault-id' }],
    });
  });

  it("sends its audit log to the network's workspace", async () => {
    assert.deepEqual(await childOf('DiagnosticSetting dubai'), {
      name: 'manara',
      resourceUri: 'dubai-id',
      workspaceId: 'net-id',
      logAnalyticsDestinationType: 'Dedicated',
      logs: [
        { category: 'AuditEvent', enabled: true },
        { category: 'AzurePolicyEvaluationDetails', enabled: true },
      ],
    });
  });

  it('takes keys of software, and the days and tags that it is given', async () => {
    const args = {
      protection: 'software',
      deletionWindowDays: 7,
      rotationDays: 90,
      tags: { team: 'fraud' },
    };
    const vault = (await childOf('Vault dubai', args)) as {
      readonly tags: object;
      readonly properties: { readonly sku: object; readonly softDeleteRetentionInDays: number };
    };
    assert.deepEqual(vault.properties.sku, { family: 'A', name: 'standard' });
    assert.equal(vault.properties.softDeleteRetentionInDays, 7);
    assert.deepEqual(vault.tags, { team: 'fraud', ...tags('ServingKeys/dubai') });
    const key = (await childOf('Key dubai-models', args)) as {
      readonly properties: { readonly kty: string; readonly rotationPolicy: object };
    };
    assert.equal(key.properties.kty, 'RSA');
    assert.deepEqual(key.properties.rotationPolicy, {
      lifetimeActions: [{ action: { type: 'rotate' }, trigger: { timeAfterCreate: 'P90D' } }],
    });
  });

  it('declares where the keys rest', async () => {
    const within = zone();
    await record(() => keys({}, base(within)));
    const flows = auditTree(within).flatMap((audit) => audit.flows);
    assert.deepEqual(
      flows
        .filter(({ owner }) => owner === 'bank/azure:ServingKeys:dubai')
        .map(({ kind, dataClasses }) => [kind, dataClasses]),
      [['storage', []]],
    );
  });

  refusesAbroad('dubai', (on) => keys({}, on));

  const at = 'manara:azure:ServingKeys "dubai":';
  refuses('dubai', [
    [
      'a deletion window out of range',
      (on) => keys({ deletionWindowDays: 91 }, on),
      `${at} deletionWindowDays: expected whole days from 7 to 90; received 91 (MANARA_ARGS)`,
    ],
    [
      'a rotation out of range',
      (on) => keys({ rotationDays: 6 }, on),
      `${at} rotationDays: expected whole days from 7 to 2560; received 6 (MANARA_ARGS)`,
    ],
    [
      'a protection that there is none of',
      (on) => keys({ protection: 'HSM' }, on),
      `${at} protection: expected hsm or software; received "HSM" (MANARA_ARGS)`,
    ],
    [
      'a late value where shape is needed',
      (on) => keys({ rotationDays: output(90) }, on),
      `${at} rotationDays: expected a number; received an Output, whose value is known only after deployment (MANARA_ARGS)`,
    ],
    [
      'a resource group that is no text',
      (on) => keys({ resourceGroupName: none('x') }, on),
      `${at} resourceGroupName: expected text or an Output of it; received a Absent (MANARA_ARGS)`,
    ],
    [
      'what is no network',
      (on) => keys({ network: 'net' }, on),
      `${at} network: expected a ServingNetwork; received "net" (MANARA_ARGS)`,
    ],
    [
      'a network of another place',
      (on) => keys({ place: 'azure:uaecentral' }, on),
      `${at} network: expected one of zone "bank" at azure:uaecentral; received one of that zone at azure:uaenorth (MANARA_PLACE)`,
    ],
    [
      'a network of another zone',
      (on) => keys({ network: network(base()) }, on),
      `${at} network: expected one of zone "bank" at azure:uaenorth; received one of another zone, "bank", at azure:uaenorth (MANARA_PLACE)`,
    ],
    [
      "a tag of Manara's own",
      (on) => keys({ tags: { 'Manara-Zone': 'other' } }, on),
      `${at} tags: expected no name that starts with manara-; received "Manara-Zone" (MANARA_ARGS)`,
    ],
    [
      'a tag that Azure would not take',
      (on) => keys({ tags: { 'a/b': 'c' } }, on),
      `${at} tags: expected names of 1 to 128 characters without < > % & \\ ? /; received "a/b" (MANARA_ARGS)`,
    ],
    [
      'a marker of late() in tags, which no reader would fill',
      (on) => keys({ tags: { owner: late('owner') } }, on),
      `${at} tags.owner: expected plain text of at most 256 characters; received "\${late:owner}" (MANARA_ARGS)`,
    ],
    [
      'a name that Azure would not take',
      (on) => keys({}, on, 'dubai-keys'),
      'manara:azure:ServingKeys "dubai-keys": name: expected at most 12 lower-case letters and digits, starting with a letter; received "dubai-keys" (MANARA_ARGS)',
    ],
  ]);
});
