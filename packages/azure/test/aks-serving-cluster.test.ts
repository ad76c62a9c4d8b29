import assert from 'node:assert/strict';
import { auditTree } from '@manara/constructs';
import { output } from '@pulumi/pulumi';
import { ImageRegistry, ServingNetwork } from '../src';
import { type Role, roles } from '../src/facts/roles';
import { cluster, clusterOn } from './support/cluster';
import {
  capital,
  childrenOf,
  home,
  lazily,
  located,
  record,
  roleId,
  tags,
  zone,
} from './support/fixtures';
import { refuses, refusesAbroad } from './support/refusals';
import { base, cidr, site } from './support/stack';

const ours = located('AksServingCluster/aks');

const usual = lazily(() => record(() => cluster()));

async function childOf(key: string) {
  return childrenOf((await usual()).registered, 'aks')[key];
}

describe('AksServingCluster', () => {
  it('is a private cluster that starts from the registry, and lets in Entra ID alone', async () => {
    assert.deepEqual(await childOf('ManagedCluster aks'), {
      ...ours,
      sku: { name: 'Base', tier: 'Standard' },
      dnsPrefix: 'aks',
      identity: { type: 'UserAssigned', userAssignedIdentities: ['aks-id'] },
      identityProfile: {
        kubeletidentity: {
          resourceId: 'aks-kubelet-id',
          clientId: 'aks-kubelet-client',
          objectId: 'aks-kubelet-principal',
        },
      },
      disableLocalAccounts: true,
      enableRBAC: true,
      aadProfile: {
        managed: true,
        enableAzureRBAC: true,
        tenantID: 'tenant',
        adminGroupObjectIDs: ['admins'],
      },
      apiServerAccessProfile: {
        enablePrivateCluster: true,
        enablePrivateClusterPublicFQDN: false,
        privateDNSZone: 'system',
        enableVnetIntegration: true,
        subnetId: 'net-apiserver-id',
        disableRunCommand: true,
      },
      networkProfile: {
        networkPlugin: 'azure',
        networkPluginMode: 'overlay',
        networkDataplane: 'cilium',
        networkPolicy: 'cilium',
        outboundType: 'none',
        loadBalancerSku: 'standard',
        podCidr: '10.244.0.0/16',
        serviceCidr: '10.0.0.0/16',
        dnsServiceIP: '10.0.0.10',
      },
      bootstrapProfile: { artifactSource: 'Cache', containerRegistryId: 'images-id' },
      oidcIssuerProfile: { enabled: true },
      securityProfile: {
        workloadIdentity: { enabled: true },
        azureKeyVaultKms: {
          enabled: true,
          keyId: 'https://vault/keys/keys-secrets/v1',
          keyVaultNetworkAccess: 'Private',
          keyVaultResourceId: 'keys-id',
        },
      },
      diskEncryptionSetID: 'aks-id',
      storageProfile: {
        blobCSIDriver: { enabled: true },
        diskCSIDriver: { enabled: true },
        fileCSIDriver: { enabled: false },
        snapshotController: { enabled: false },
      },
      autoUpgradeProfile: { upgradeChannel: 'none', nodeOSUpgradeChannel: 'NodeImage' },
      agentPoolProfiles: [
        {
          name: 'system',
          mode: 'System',
          type: 'VirtualMachineScaleSets',
          osType: 'Linux',
          osSKU: 'AzureLinux',
          vmSize: 'Standard_D4s_v5',
          count: 3,
          availabilityZones: ['1', '2', '3'],
          vnetSubnetID: 'net-nodes-id',
          enableNodePublicIP: false,
          enableEncryptionAtHost: true,
          nodeTaints: ['CriticalAddonsOnly=true:NoSchedule'],
          tags: tags('AksServingCluster/aks'),
        },
      ],
    });
  });

  const assignments: readonly (readonly [string, Role, string, string])[] = [
    ['network', 'networkContributor', 'net-id', 'aks'],
    ['kubelet', 'managedIdentityOperator', 'aks-kubelet-id', 'aks'],
    ['secrets', 'keyVaultCryptoUser', 'keys-id/keys/secrets', 'aks'],
    ['vault', 'keyVaultContributor', 'keys-id', 'aks'],
    ['images', 'acrPull', 'images-id', 'aks-kubelet'],
    ['disks', 'keyVaultCryptoServiceEncryptionUser', 'keys-id/keys/disks', 'aks-disks'],
    ['disk-set', 'reader', 'aks-id', 'aks'],
  ];

  it('acts as identities that may do what they need, and no more', async () => {
    const children = childrenOf((await usual()).registered, 'aks');
    assert.deepEqual(
      Object.fromEntries(Object.entries(children).filter(([key]) => key.startsWith('Role'))),
      Object.fromEntries(
        assignments.map(([suffix, role, scope, to]) => [
          `RoleAssignment aks-${suffix}`,
          {
            scope,
            roleDefinitionId: roleId(roles[role]),
            principalId: `${to}-principal`,
            principalType: 'ServicePrincipal',
          },
        ]),
      ),
    );
    for (const name of ['aks', 'aks-kubelet', 'aks-disks']) {
      assert.deepEqual(children[`UserAssignedIdentity ${name}`], ours);
    }
  });

  it('waits for its roles, its disks and its images', async () => {
    const made = (await usual()).registered.find((r) => r.type.endsWith(':ManagedCluster'));
    for (const needed of [
      ...assignments.filter(([suffix]) => suffix !== 'disks').map(([suffix]) => `aks-${suffix}`),
      'images',
      'images-system-images',
    ]) {
      assert(made?.dependsOn.includes(needed), needed);
    }
  });

  it('encrypts disks with the key for disks, and follows its rotation', async () => {
    const { registered } = await usual();
    assert.deepEqual(await childOf('DiskEncryptionSet aks'), {
      ...ours,
      encryptionType: 'EncryptionAtRestWithPlatformAndCustomerKeys',
      identity: { type: 'UserAssigned', userAssignedIdentities: ['aks-disks-id'] },
      activeKey: { keyUrl: 'https://vault/keys/keys-disks/v1' },
      rotationToLatestKeyVersionEnabled: true,
    });
    const set = registered.find((r) => r.type.endsWith(':DiskEncryptionSet'));
    assert.deepEqual(set?.ignoreChanges, ['activeKey']);
  });

  it('logs what people and pipelines do', async () => {
    assert.deepEqual(await childOf('DiagnosticSetting aks'), {
      name: 'manara',
      resourceUri: 'aks-id',
      workspaceId: 'net-id',
      logAnalyticsDestinationType: 'Dedicated',
      logs: ['kube-apiserver', 'kube-audit', 'guard'].map((category) => ({
        category,
        enabled: true,
      })),
    });
  });

  it('has a provider that holds no secret', async () => {
    const { kubeconfig } = (await childOf('kubernetes aks')) as { readonly kubeconfig: string };
    assert.deepEqual(JSON.parse(kubeconfig), {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'aks-name',
      contexts: [{ name: 'aks-name', context: { cluster: 'aks-name', user: 'aks-name' } }],
      clusters: [
        {
          name: 'aks-name',
          cluster: {
            server: 'https://aks.private.uaenorth.azmk8s.io:443',
            'certificate-authority-data': 'Q0E=',
          },
        },
      ],
      users: [
        {
          name: 'aks-name',
          user: {
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1',
              command: 'kubelogin',
              args: [
                'get-token',
                '--login',
                'azurecli',
                '--server-id',
                '6dae42f8-4368-4678-94ff-3960e28e3630',
                '--tenant-id',
                'tenant',
              ],
              interactiveMode: 'Never',
            },
          },
        },
      ],
    });
  });

  it('goes out by the gateway of a network that has one', async () => {
    const { registered } = await record(() => {
      const on = base();
      const to = [{ name: 'bureau', place: home, addresses: ['20.38.0.0/24'] }] as const;
      const internet = { why: 'scores are bought', to };
      return clusterOn(site(on, new ServingNetwork('net', { ...on, cidr, internet })));
    });
    const { networkProfile } = childrenOf(registered, 'aks')['ManagedCluster aks'] as {
      readonly networkProfile: { readonly outboundType: string };
    };
    assert.equal(networkProfile.outboundType, 'userAssignedNATGateway');
  });

  it('takes the version, ranges, nodes and login that it is given', async () => {
    const { registered } = await record(() =>
      cluster({
        kubernetesVersion: '1.33.5',
        podCidr: '172.16.0.0/16',
        serviceCidr: '172.20.0.0/20',
        systemNodes: 1,
        login: 'workloadidentity',
      }),
    );
    const children = childrenOf(registered, 'aks');
    const made = children['ManagedCluster aks'] as {
      readonly kubernetesVersion: string;
      readonly networkProfile: Readonly<Record<string, unknown>>;
      readonly agentPoolProfiles: readonly { readonly count: number }[];
    };
    assert.equal(made.kubernetesVersion, '1.33.5');
    assert.deepEqual(
      [made.networkProfile.podCidr, made.networkProfile.serviceCidr],
      ['172.16.0.0/16', '172.20.0.0/20'],
    );
    assert.equal(made.networkProfile.dnsServiceIP, '172.20.0.10');
    assert.deepEqual(
      made.agentPoolProfiles.map(({ count }) => count),
      [1],
    );
    assert.match(JSON.stringify(children['kubernetes aks']), /--login\\",\\"workloadidentity/);
  });

  it('declares what etcd and the disks keep, and where the log goes', async () => {
    const within = zone();
    await record(() => cluster({}, base(within)));
    const flows = auditTree(within)
      .flatMap((audit) => audit.flows)
      .filter(({ owner }) => owner === 'bank/azure:AksServingCluster:aks');
    assert.deepEqual(
      flows.map((flow) => [flow.kind, flow.status === 'declared' && flow.to]),
      [
        ['storage', { name: 'cluster aks', place: 'azure:uaenorth' }],
        ['log', { name: 'log workspace net', place: 'azure:uaenorth' }],
      ],
    );
  });

  refusesAbroad('aks', (on) => cluster({}, on));

  const at = 'manara:azure:AksServingCluster "aks":';
  refuses('aks', [
    [
      'a cluster that nobody could enter',
      (on) => cluster({ adminGroupObjectIds: [] }, on),
      `${at} adminGroupObjectIds: expected at least one group: local accounts are off, and nobody else could enter; received [] (MANARA_ARGS)`,
    ],
    [
      'pods where the network is',
      (on) => cluster({ podCidr: '10.30.0.0/20' }, on),
      `${at} podCidr: expected a range apart from 10.30.0.0/16 of "network net"; received "10.30.0.0/20" (MANARA_ARGS)`,
    ],
    [
      'services where pods are',
      (on) => cluster({ serviceCidr: '10.244.0.0/20' }, on),
      `${at} serviceCidr: expected a range apart from 10.244.0.0/16 of "pods"; received "10.244.0.0/20" (MANARA_ARGS)`,
    ],
    [
      'room for less than two nodes',
      (on) => cluster({ podCidr: '10.244.0.0/24' }, on),
      `${at} podCidr: expected a range of /8 to /23, by its first address; received "10.244.0.0/24" (MANARA_ARGS)`,
    ],
    [
      'a registry without the images that nodes start from',
      (on) => {
        const stands = site(on);
        return clusterOn(stands, { registry: new ImageRegistry('plain', stands) });
      },
      `${at} registry: expected a registry with systemImages: none('why'), or nodes would need the internet to start; received a ImageRegistry (MANARA_ARGS)`,
    ],
    [
      'a version that is none',
      (on) => cluster({ kubernetesVersion: 'latest' }, on),
      `${at} kubernetesVersion: expected a version such as 1.33; received "latest" (MANARA_ARGS)`,
    ],
    [
      'a size that is none',
      (on) => cluster({ systemVmSize: 'm5.large' }, on),
      `${at} systemVmSize: expected a size such as Standard_D4s_v5; received "m5.large" (MANARA_ARGS)`,
    ],
    [
      'a login that kubelogin has not',
      (on) => cluster({ login: 'password' }, on),
      `${at} login: expected one of azurecli, devicecode, msi, spn, workloadidentity; received "password" (MANARA_ARGS)`,
    ],
    [
      'no nodes',
      (on) => cluster({ systemNodes: 0 }, on),
      `${at} systemNodes: expected a whole number from 1 to 100; received 0 (MANARA_ARGS)`,
    ],
    [
      'a count that is known late',
      (on) => cluster({ systemNodes: output(3) }, on),
      `${at} systemNodes: expected a number; received an Output, whose value is known only after deployment (MANARA_ARGS)`,
    ],
    [
      'a network of another place',
      (on) => cluster({ place: capital }, on),
      `${at} network: expected one of zone "bank" at azure:uaecentral; received one of that zone at azure:uaenorth (MANARA_PLACE)`,
    ],
  ]);
});
