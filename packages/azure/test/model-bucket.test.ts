import assert from 'node:assert/strict';
import {
  auditTree,
  chartObjects,
  type BucketCopy,
  ImageRegistry as BankRegistry,
  ModelArtifact,
  ModelBucket as ModelStore,
  ModelEndpoint,
  ModelVersion,
  none,
  Peer,
  ServingEngine,
  Site,
} from '@manara/constructs';
import { Site as PulumiSite } from '@manara/pulumi';
import type { Registered } from '@manara/pulumi-testing';
import { App, Duration } from 'cdk8s';
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

/** Where the weights come from that a bucket is a copy of. */
function original(place: UaePlace = 'aws:me-central-1'): ModelStore<UaePlace> {
  return new ModelStore<UaePlace>({
    place,
    uri: 'https://models.bank.example/store',
    peer: Peer.addresses('10.20.0.0/24'),
  });
}

function copyOf(from: ModelStore<UaePlace> = original()): BucketCopy {
  return { from, every: Duration.minutes(10) };
}

/** A bucket that a site's own jobs keep equal to another, and the endpoint that reads its weights. */
const copied = lazily(() =>
  record(() => {
    const stands = site();
    const cluster = clusterOn(stands);
    const dubai = new Site(stands.zone, 'dubai', siteProps);
    const from = original();
    const copy = copyOf(from);
    const models = new ModelBucket('models', { ...stands, copy });
    models.mount(dubai, cluster);
    const artifact = new ModelArtifact({
      bucket: from,
      copies: [models.store],
      key: 'fraud/1/model.onnx',
      sha256: 'a'.repeat(64),
      sizeBytes: 1_048_576,
    });
    new ModelEndpoint(stands.zone, 'fraud', {
      versions: [new ModelVersion(1, artifact)],
      engine: ServingEngine.onnx(),
      sites: [dubai],
      standby: none('one site'),
      objective: { p99Latency: Duration.millis(50), availabilityPercent: 99.9 },
      traffic: { peakRequestsPerSecond: 100 },
    });
    return { dubai, models, copy };
  }),
);

interface Manifest {
  readonly kind: string;
  readonly metadata: object;
  readonly spec: object;
}

/** Objects of a kind in a site's program. */
function objectsOf(dubai: Site<UaePlace>, kind: string): readonly Manifest[] {
  const manifests = chartObjects(App.of(dubai)).flatMap(({ objects }) =>
    objects.map(({ manifest }) => manifest),
  );
  // A name of a late value that another test took already has a number after it.
  const text = JSON.stringify(manifests).replaceAll(/~\d+(?=\})/g, '');
  return (JSON.parse(text) as readonly Manifest[]).filter((object) => object.kind === kind);
}

/** The volume of a claim and the claim, but for what they hold alike, read-only or not. */
const volumeSpec = {
  capacity: { storage: '1Ti' },
  persistentVolumeReclaimPolicy: 'Retain',
  storageClassName: '',
  claimRef: { namespace: 'bank', name: 'models' },
};
const csi = {
  driver: 'blob.csi.azure.com',
  volumeHandle: 'bank-models',
  volumeAttributes: {
    protocol: 'fuse2',
    resourceGroup: 'serving',
    storageAccount: '${late:bank-models.account}',
    containerName: 'models',
    AzureStorageAuthType: 'MSI',
    AzureStorageIdentityClientID: '${late:bank-models.clientId}',
  },
};
const claimSpec = {
  storageClassName: '',
  volumeName: 'bank-models',
  resources: { requests: { storage: '1Ti' } },
};

type Run = () => Promise<{ readonly registered: readonly Registered[] }>;

interface PodOwner {
  readonly spec: {
    readonly template: {
      readonly spec: { readonly volumes: readonly { readonly persistentVolumeClaim?: object }[] };
    };
  };
}

/** The claims that its pods mount. */
function claimsOf(owner: PodOwner | undefined): readonly object[] {
  return (owner?.spec.template.spec.volumes ?? []).flatMap(
    ({ persistentVolumeClaim }) => persistentVolumeClaim ?? [],
  );
}

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
    assert.deepEqual(
      objectsOf(dubai, 'PersistentVolume').map(({ metadata, spec }) => ({ metadata, spec })),
      [
        {
          metadata: { name: 'bank-models' },
          spec: {
            ...volumeSpec,
            accessModes: ['ReadOnlyMany'],
            mountOptions: ['-o ro', '-o allow_other'],
            csi: { ...csi, readOnly: true },
          },
        },
      ],
    );
    assert.deepEqual(
      objectsOf(dubai, 'PersistentVolumeClaim').map(({ metadata, spec }) => ({ metadata, spec })),
      [
        {
          metadata: { name: 'models', namespace: 'bank' },
          spec: { ...claimSpec, accessModes: ['ReadOnlyMany'] },
        },
      ],
    );
  });

  it('is a copy on a claim that pods may write', async () => {
    const { dubai, models, copy } = (await copied()).result;
    assert.equal(models.store.copy, copy);
    assert.deepEqual(
      objectsOf(dubai, 'PersistentVolume').map(({ spec }) => spec),
      [
        {
          ...volumeSpec,
          accessModes: ['ReadWriteMany'],
          mountOptions: ['-o allow_other'],
          csi: { ...csi, readOnly: false },
        },
      ],
    );
    assert.deepEqual(
      objectsOf(dubai, 'PersistentVolumeClaim').map(({ spec }) => spec),
      [{ ...claimSpec, accessModes: ['ReadWriteMany'] }],
    );
  });

  it('lets the nodes write a copy, in its container alone', async () => {
    assert.deepEqual(await childOf('RoleAssignment models-nodes-aks', copied), {
      scope: 'models-id/blobServices/default/containers/models',
      roleDefinitionId: roleId(roles.storageBlobDataContributor),
      principalId: 'aks-kubelet-principal',
      principalType: 'ServicePrincipal',
    });
  });

  it('is kept by a job of the site, and read-only to its servers', async () => {
    const { dubai } = (await copied()).result;
    const [job] = objectsOf(dubai, 'CronJob') as readonly {
      readonly metadata: { readonly name: string };
      readonly spec: { readonly schedule: string; readonly jobTemplate: PodOwner };
    }[];
    assert.deepEqual([job?.metadata.name, job?.spec.schedule], ['fraud-weights', '*/10 * * * *']);
    const claim = { claimName: 'models' };
    assert.deepEqual(claimsOf(job?.spec.jobTemplate), [claim]);
    const [server] = objectsOf(dubai, 'Deployment') as readonly PodOwner[];
    assert.deepEqual(claimsOf(server), [{ ...claim, readOnly: true }]);
  });

  it('moves the weights of a copy both ways, in one place, as the audit finds declared', async () => {
    const { dubai } = (await copied()).result;
    const audits = auditTree(dubai.zone);
    assert.deepEqual(
      audits.flatMap((audit) => audit.violations),
      [],
    );
    const common = {
      status: 'declared',
      kind: 'artifact',
      owner: 'bank/dubai/models-claim',
      dataClasses: dubai.zone.data,
      encryption: 'tls',
    };
    const account = { name: 'model bucket models', place: 'azure:uaenorth' };
    const nodes = { name: 'nodes of bank/dubai', place: 'azure:uaenorth' };
    assert.deepEqual(
      audits
        .flatMap((audit) => audit.flows)
        .filter(({ owner }) => owner === 'bank/dubai/models-claim'),
      [
        { ...common, from: account, to: nodes },
        { ...common, from: nodes, to: account },
      ],
    );
  });

  it('may be a copy of a bucket of the same place', async () => {
    const copy = copyOf(original('azure:uaenorth'));
    const { result } = await record(() => bucket({ copy }));
    assert.equal(result.store.copy, copy);
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
      'what is no copy',
      (on) => bucket({ copy: original() }, on),
      `${at} copy.from: expected a ModelBucket; received nothing (MANARA_ARGS)`,
    ],
    [
      'a copy of what is no bucket as models name it',
      (on) => bucket({ copy: { ...copyOf(), from: 'aws:me-central-1' } }, on),
      `${at} copy.from: expected a ModelBucket; received "aws:me-central-1" (MANARA_ARGS)`,
    ],
    [
      'a copy whose period is a number',
      (on) => bucket({ copy: { ...copyOf(), every: 600 } }, on),
      `${at} copy.every: expected a Duration of cdk8s; received 600 (MANARA_ARGS)`,
    ],
    [
      'a copy at a period that no clock repeats',
      (on) => bucket({ copy: { ...copyOf(), every: Duration.minutes(7) } }, on),
      '[ModelBucket] copy.every: expected 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30 minutes, or 1, 2, 3, 4, 6, 8, 12, 24 hours; received 7 minutes (MANARA_SCHEDULE)',
    ],
    [
      'a copy of a claim, which no other site reaches',
      (on) => bucket({ copy: copyOf(new ModelStore({ place: capital, uri: 'pvc://far' })) }, on),
      '[ModelBucket] copy: expected an original that another site can reach, s3:// or https://; received "pvc://far" (MANARA_URI)',
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
