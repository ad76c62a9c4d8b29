import assert from 'node:assert/strict';
import {
  auditTree,
  chartObjects,
  ImageRegistry as BankRegistry,
  none,
  Site,
} from '@manara/constructs';
import { Site as PulumiSite } from '@manara/pulumi';
import type { Registered } from '@manara/pulumi-testing';
import { App } from 'cdk8s';
import { ModelBucket, ServingKeys, ServingNetwork } from '../src';
import { roles } from '../src/facts/roles';
import {
  capital,
  childrenOf,
  lazily,
  located,
  record,
  recordRefusal,
  roleId,
  subnetDefaults,
  type UaePlace,
  zone,
} from './support/fixtures';
import { clusterOn } from './support/cluster';
import { refuses, refusesAbroad } from './support/refusals';
import { base, type Base, site } from './support/stack';

const ours = located('ModelBucket/models');

function bucket(args: object = {}, on: Base = base()): ModelBucket<UaePlace> {
  return new ModelBucket('models', { ...site({ ...on, place: 'azure:uaenorth' }), ...on, ...args });
}

const usual = lazily(() => record(() => bucket()));

const siteProps = {
  place: 'azure:uaenorth',
  images: new BankRegistry<'azure:uaenorth'>({
    place: 'azure:uaenorth',
    prefix: 'registry.bank.example',
  }),
  logs: none('x'),
  metrics: none('x'),
  traces: none('x'),
  backup: none('x'),
} as const;

/** A bucket that is mounted on a site, and read by a service account. */
const shared = lazily(() =>
  record(() => {
    const stands = site();
    const cluster = clusterOn(stands);
    const dubai = new Site(stands.zone, 'dubai', siteProps);
    const models = new ModelBucket('models', stands);
    models.mount(dubai, cluster);
    models.grantRead(cluster, { namespace: 'bank', serviceAccount: 'publisher' });
    return { dubai, models, cluster };
  }),
);

type Run = () => Promise<{ readonly registered: readonly Registered[] }>;

async function childOf(key: string, of: Run = usual) {
  return childrenOf((await of()).registered, 'models')[key];
}

describe('ModelBucket', () => {
  it('has an account, a container, an endpoint and a log', async () => {
    assert.deepEqual(Object.keys(childrenOf((await usual()).registered, 'models')).sort(), [
      'BlobContainer models',
      'BlobContainerImmutabilityPolicy models',
      'BlobServiceProperties models',
      'DiagnosticSetting models',
      'PrivateDnsZoneGroup models',
      'PrivateEndpoint models',
      'RoleAssignment models-key',
      'StorageAccount models',
      'UserAssignedIdentity models',
    ]);
  });

  it('is private, encrypted with the key for models, without shared keys, in one region', async () => {
    assert.deepEqual(await childOf('StorageAccount models'), {
      ...ours,
      kind: 'StorageV2',
      sku: { name: 'Standard_ZRS' },
      accessTier: 'Hot',
      identity: { type: 'UserAssigned', userAssignedIdentities: ['models-id'] },
      encryption: {
        keySource: 'Microsoft.Keyvault',
        keyVaultProperties: {
          keyName: 'keys-models-name',
          keyVaultUri: 'https://keys.vault.azure.net/',
        },
        encryptionIdentity: { encryptionUserAssignedIdentity: 'models-id' },
        requireInfrastructureEncryption: true,
        services: { blob: { enabled: true, keyType: 'Account' } },
      },
      minimumTlsVersion: 'TLS1_2',
      enableHttpsTrafficOnly: true,
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      defaultToOAuthAuthentication: true,
      allowCrossTenantReplication: false,
      allowedCopyScope: 'PrivateLink',
      isLocalUserEnabled: false,
      isSftpEnabled: false,
      publicNetworkAccess: 'Disabled',
      networkRuleSet: { bypass: 'None', defaultAction: 'Deny' },
    });
    assert.deepEqual(await childOf('UserAssignedIdentity models'), ours);
    assert.deepEqual(await childOf('RoleAssignment models-key'), {
      scope: 'keys-id/keys/models',
      roleDefinitionId: roleId(roles.keyVaultCryptoServiceEncryptionUser),
      principalId: 'models-principal',
      principalType: 'ServicePrincipal',
    });
  });

  it('keeps every version, immutable for a time', async () => {
    const of = { accountName: 'models-name', resourceGroupName: 'serving' };
    assert.deepEqual(await childOf('BlobServiceProperties models'), {
      ...of,
      blobServicesName: 'default',
      isVersioningEnabled: true,
      changeFeed: { enabled: true },
      deleteRetentionPolicy: { enabled: true, days: 30 },
      containerDeleteRetentionPolicy: { enabled: true, days: 30 },
    });
    assert.deepEqual(await childOf('BlobContainer models'), {
      ...of,
      containerName: 'models',
      publicAccess: 'None',
      immutableStorageWithVersioning: { enabled: true },
    });
    assert.deepEqual(await childOf('BlobContainerImmutabilityPolicy models'), {
      ...of,
      containerName: 'models-name',
      immutabilityPolicyName: 'default',
      immutabilityPeriodSinceCreationInDays: 30,
      allowProtectedAppendWrites: false,
    });
  });

  it('answers in the network alone, and logs every read and write', async () => {
    assert.deepEqual(await childOf('PrivateEndpoint models'), {
      ...ours,
      subnet: { id: 'net-endpoints-id', ...subnetDefaults },
      privateLinkServiceConnections: [
        { name: 'blob', privateLinkServiceId: 'models-id', groupIds: ['blob'] },
      ],
    });
    assert.deepEqual(await childOf('PrivateDnsZoneGroup models'), {
      resourceGroupName: 'serving',
      privateEndpointName: 'models-name',
      privateDnsZoneGroupName: 'default',
      privateDnsZoneConfigs: [{ name: 'blob', privateDnsZoneId: 'net-blob-id' }],
    });
    assert.deepEqual(await childOf('DiagnosticSetting models'), {
      name: 'manara',
      resourceUri: 'models-id/blobServices/default',
      workspaceId: 'net-id',
      logAnalyticsDestinationType: 'Dedicated',
      logs: ['StorageRead', 'StorageWrite', 'StorageDelete'].map((category) => ({
        category,
        enabled: true,
      })),
    });
  });

  it('has one copy in one building where the region has no zones', async () => {
    const { registered } = await record(() => {
      const on = { ...base(), place: capital } as const;
      const network = new ServingNetwork('net', { ...on, cidr: '10.30.0.0/16' });
      const keys = new ServingKeys('keys', { ...on, network });
      return new ModelBucket('models', { ...on, network, keys, immutableDays: 90 });
    });
    const children = childrenOf(registered, 'models') as Record<string, Record<string, unknown>>;
    assert.deepEqual(children['StorageAccount models']?.sku, { name: 'Standard_LRS' });
    assert.equal(
      children['BlobContainerImmutabilityPolicy models']?.immutabilityPeriodSinceCreationInDays,
      90,
    );
  });

  it('is a claim to those who serve, and an address to those who publish', async () => {
    const { store, containerName } = (await usual()).result;
    assert.deepEqual([store.uri, store.place], ['pvc://models', 'azure:uaenorth']);
    assert.equal(containerName, 'models');
  });

  it('lets the nodes of a cluster read, and nothing more', async () => {
    assert.deepEqual(await childOf('RoleAssignment models-nodes-aks', shared), {
      scope: 'models-id/blobServices/default/containers/models',
      roleDefinitionId: roleId(roles.storageBlobDataReader),
      principalId: 'aks-kubelet-principal',
      principalType: 'ServicePrincipal',
    });
  });

  it('puts a read-only volume and its claim on a site', async () => {
    const { dubai } = (await shared()).result;
    const manifests = chartObjects(App.of(dubai)).flatMap(({ objects }) =>
      objects.map(({ manifest }) => manifest),
    );
    // A name of a late value that another test took already has a number after it.
    const text = JSON.stringify(manifests).replaceAll(/~\d+(?=\})/g, '');
    const objects = JSON.parse(text) as readonly {
      readonly kind: string;
      readonly metadata: object;
      readonly spec: object;
    }[];
    const ofKind = (kind: string) => objects.filter((object) => object.kind === kind);
    assert.deepEqual(
      ofKind('PersistentVolume').map(({ metadata, spec }) => ({ metadata, spec })),
      [
        {
          metadata: { name: 'bank-models' },
          spec: {
            capacity: { storage: '1Ti' },
            accessModes: ['ReadOnlyMany'],
            persistentVolumeReclaimPolicy: 'Retain',
            storageClassName: '',
            claimRef: { namespace: 'bank', name: 'models' },
            mountOptions: ['-o ro', '-o allow_other'],
            csi: {
              driver: 'blob.csi.azure.com',
              readOnly: true,
              volumeHandle: 'bank-models',
              volumeAttributes: {
                protocol: 'fuse2',
                resourceGroup: 'serving',
                storageAccount: '${late:bank-models.account}',
                containerName: 'models',
                AzureStorageAuthType: 'MSI',
                AzureStorageIdentityClientID: '${late:bank-models.clientId}',
              },
            },
          },
        },
      ],
    );
    assert.deepEqual(
      ofKind('PersistentVolumeClaim').map(({ metadata, spec }) => ({ metadata, spec })),
      [
        {
          metadata: { name: 'models', namespace: 'bank' },
          spec: {
            accessModes: ['ReadOnlyMany'],
            storageClassName: '',
            volumeName: 'bank-models',
            resources: { requests: { storage: '1Ti' } },
          },
        },
      ],
    );
  });

  it('puts them on a site of Pulumi too, which is registered already', async () => {
    const { registered } = await record(() => {
      const stands = site();
      const cluster = clusterOn(stands);
      const dubai = new PulumiSite(
        'dubai',
        { zone: stands.zone, ...siteProps },
        { provider: cluster.provider },
      );
      new ModelBucket('models', stands).mount(dubai, cluster);
    });
    assert.deepEqual(
      registered
        .filter(({ parent }) => parent === 'bank/dubai/models-claim')
        .map(({ type, name, provider, dependsOn }) => ({ type, name, provider, dependsOn }))
        .sort((a, b) => a.name.localeCompare(b.name)),
      [
        {
          type: 'kubernetes:core/v1:PersistentVolumeClaim',
          name: 'bank/dubai/models-claim/claim',
          provider: 'aks',
          dependsOn: ['bank/dubai/namespace'],
        },
        {
          type: 'kubernetes:core/v1:PersistentVolume',
          name: 'bank/dubai/models-claim/volume',
          provider: 'aks',
          dependsOn: ['aks-kubelet', 'bank/dubai/namespace', 'models'],
        },
      ],
    );
    const volume = registered.find(({ name }) => name.endsWith('models-claim/volume'));
    const { spec } = volume?.inputs as {
      readonly spec: { readonly csi: { readonly volumeAttributes: object } };
    };
    assert.deepEqual(spec.csi.volumeAttributes, {
      protocol: 'fuse2',
      resourceGroup: 'serving',
      storageAccount: 'models-name',
      containerName: 'models',
      AzureStorageAuthType: 'MSI',
      AzureStorageIdentityClientID: 'aks-kubelet-client',
    });
    assert(registered.some(({ name }) => name === 'models-nodes-aks'));
  });

  it('refuses to mount on a site elsewhere, and lets no node read then', async () => {
    const { registered, message } = await recordRefusal(() => {
      const stands = site();
      const cluster = clusterOn(stands);
      const abudhabi = new Site(stands.zone, 'abudhabi', {
        ...siteProps,
        place: 'azure:uaecentral',
      });
      new ModelBucket('models', stands).mount(abudhabi, cluster);
    });
    assert.equal(
      message,
      'manara:azure:ModelBucket "models": site: expected one of zone "bank" at azure:uaenorth; received one of that zone at azure:uaecentral (MANARA_PLACE)',
    );
    assert(!registered.some(({ name }) => name === 'models-nodes-aks'));
  });

  it('mounts in a way that the audit of the site finds declared', async () => {
    const { dubai } = (await shared()).result;
    const audits = auditTree(dubai.zone);
    assert.deepEqual(
      audits.flatMap((audit) => audit.violations),
      [],
    );
    const flows = audits.flatMap((audit) => audit.flows);
    assert.deepEqual(
      flows.filter(({ owner }) => owner === 'bank/dubai/models-claim'),
      [
        {
          status: 'declared',
          kind: 'artifact',
          owner: 'bank/dubai/models-claim',
          dataClasses: dubai.zone.data,
          from: { name: 'model bucket models', place: 'azure:uaenorth' },
          to: { name: 'nodes of bank/dubai', place: 'azure:uaenorth' },
          encryption: 'tls',
        },
      ],
    );
  });

  it('refuses to let in a service account whose identity would have too long a name', async () => {
    const { models, cluster } = (await shared()).result;
    assert.throws(
      () =>
        models.grantRead(cluster, { namespace: 'n'.repeat(45), serviceAccount: 's'.repeat(45) }),
      {
        message:
          'manara:azure:ModelBucket "models": to: expected a namespace and a service account whose names are shorter by 3 characters; received "' +
          `${'n'.repeat(45)}/${'s'.repeat(45)}`.slice(0, 76) +
          '… (MANARA_ARGS)',
      },
    );
  });

  it('lets a service account read as an identity of its own', async () => {
    const name = 'models-reader-aks-bank-publisher';
    assert.deepEqual(await childOf(`UserAssignedIdentity ${name}`, shared), ours);
    assert.deepEqual(await childOf(`RoleAssignment ${name}`, shared), {
      scope: 'models-id/blobServices/default/containers/models',
      roleDefinitionId: roleId(roles.storageBlobDataReader),
      principalId: `${name}-principal`,
      principalType: 'ServicePrincipal',
    });
    assert.deepEqual(await childOf(`FederatedIdentityCredential ${name}`, shared), {
      resourceGroupName: 'serving',
      resourceName: `${name}-name`,
      issuer: 'https://issuer/aks',
      subject: 'system:serviceaccount:bank:publisher',
      audiences: ['api://AzureADTokenExchange'],
    });
  });

  it('declares where the weights rest and where its log goes', async () => {
    const within = zone();
    await record(() => bucket({}, base(within)));
    const flows = auditTree(within)
      .flatMap((audit) => audit.flows)
      .filter(({ owner }) => owner === 'bank/azure:ModelBucket:models');
    assert.deepEqual(
      flows.map((flow) => [flow.kind, flow.status === 'declared' && flow.to]),
      [
        ['storage', { name: 'model bucket models', place: 'azure:uaenorth' }],
        ['log', { name: 'log workspace net', place: 'azure:uaenorth' }],
      ],
    );
  });

  refusesAbroad('models', (on) => bucket({}, on));

  const at = 'manara:azure:ModelBucket "models":';
  const abroad = 'what is copied to another region leaves the zone';
  refuses('models', [
    [
      'copies in another region',
      (on) => bucket({ replication: 'GRS' }, on),
      `${at} replication: expected ZRS or LRS at azure:uaenorth: ${abroad}; received "GRS" (MANARA_ARGS)`,
    ],
    [
      'zones where there are none',
      (on) => bucket({ place: capital, replication: 'ZRS' }, on),
      `${at} replication: expected LRS at azure:uaecentral: ${abroad}; received "ZRS" (MANARA_ARGS)`,
    ],
    [
      'days out of range',
      (on) => bucket({ immutableDays: 0 }, on),
      `${at} immutableDays: expected whole days from 1 to 146000; received 0 (MANARA_ARGS)`,
    ],
    [
      'keys of another zone',
      (on) => bucket({ keys: site().keys }, on),
      `${at} keys: expected one of zone "bank" at azure:uaenorth; received one of another zone, "bank", at azure:uaenorth (MANARA_PLACE)`,
    ],
    [
      'what are no keys',
      (on) => bucket({ keys: {} }, on),
      `${at} keys: expected ServingKeys; received an object (MANARA_ARGS)`,
    ],
  ]);

  it('does not compile with a place outside the zone', () => {
    const wrong = async (): Promise<unknown> =>
      record(() => {
        const stands = site();
        return new ModelBucket('models', {
          ...stands,
          // @ts-expect-error a place that the zone has not
          place: 'azure:westeurope',
        });
      });
    return assert.rejects(wrong, { code: 'MANARA_RESIDENCY' });
  });
});
