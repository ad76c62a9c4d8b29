import assert from 'node:assert/strict';
import { auditTree } from '@manara/constructs';
import { output } from '@pulumi/pulumi';
import { ServingNetwork } from '../src';
import { roles } from '../src/facts/roles';
import {
  childrenOf,
  lazily,
  located,
  record,
  roleId,
  subnetDefaults,
  tags,
  type UaePlace,
  zone,
} from './support/fixtures';
import { refuses, refusesAbroad } from './support/refusals';
import { base, type Base, cidr } from './support/stack';

const ours = located('ServingNetwork/net');

function network(args: object = {}, on: Base = base(), name = 'net'): ServingNetwork<UaePlace> {
  return new ServingNetwork(name, { ...on, cidr, ...args });
}

const usual = lazily(() => record(() => network()));

const bureau = { name: 'credit bureau', place: 'aws:me-central-1', addresses: ['20.38.0.0/24'] };
const internet = { why: 'scores are bought', to: [bureau] };
const withInternet = lazily(() => record(() => network({ internet })));

async function childOf(key: string, of = usual) {
  return childrenOf((await of()).registered, 'net')[key];
}

const denyInternet = {
  name: 'deny-internet',
  direction: 'Outbound',
  priority: 4096,
  access: 'Deny',
  protocol: '*',
  sourceAddressPrefix: '*',
  sourcePortRange: '*',
  destinationAddressPrefix: 'Internet',
  destinationPortRange: '*',
};

describe('ServingNetwork', () => {
  it('has no more than it needs: neither gateway nor public address', async () => {
    const { registered } = await usual();
    assert.deepEqual(Object.keys(childrenOf(registered, 'net')).sort(), [
      'FlowLog net',
      'ManagementPolicy net-flow-logs',
      'NetworkSecurityGroup net-endpoints',
      'NetworkSecurityGroup net-nodes',
      'PrivateZone net-blob',
      'PrivateZone net-registry',
      'PrivateZone net-vault',
      'RoleAssignment net-flow-logs',
      'StorageAccount netlogs',
      'Subnet net-apiserver',
      'Subnet net-endpoints',
      'Subnet net-nodes',
      'UserAssignedIdentity net-flow-logs',
      'VirtualNetwork net',
      'VirtualNetworkLink net-blob',
      'VirtualNetworkLink net-registry',
      'VirtualNetworkLink net-vault',
      'Workspace net',
    ]);
  });

  it('has subnets for nodes, private endpoints and the API server, none with a way out', async () => {
    assert.deepEqual(await childOf('VirtualNetwork net'), {
      ...ours,
      addressSpace: { addressPrefixes: ['10.30.0.0/16'] },
      // What azure-native fills in.
      enableDdosProtection: false,
      enableVmProtection: false,
    });
    const common = {
      virtualNetworkName: 'net-name',
      resourceGroupName: 'serving',
      defaultOutboundAccess: false,
    };
    assert.deepEqual(await childOf('Subnet net-nodes'), {
      ...common,
      ...subnetDefaults,
      addressPrefix: '10.30.0.0/17',
      networkSecurityGroup: { id: 'net-nodes-id' },
    });
    assert.deepEqual(await childOf('Subnet net-endpoints'), {
      ...common,
      ...subnetDefaults,
      addressPrefix: '10.30.128.0/26',
      networkSecurityGroup: { id: 'net-endpoints-id' },
      privateEndpointNetworkPolicies: 'NetworkSecurityGroupEnabled',
    });
    assert.deepEqual(await childOf('Subnet net-apiserver'), {
      ...common,
      ...subnetDefaults,
      addressPrefix: '10.30.128.64/28',
      delegations: [{ name: 'aks', serviceName: 'Microsoft.ContainerService/managedClusters' }],
    });
  });

  it('makes one subnet after the other, as Azure wants them', async () => {
    const { registered } = await usual();
    const waits = (name: string) =>
      registered
        .find((r) => r.type.endsWith(':Subnet') && r.name === name)
        ?.dependsOn.filter((other) => /^net-(nodes|endpoints|apiserver)$/.test(other));
    assert(waits('net-endpoints')?.includes('net-nodes'));
    assert(waits('net-apiserver')?.includes('net-endpoints'));
  });

  it('lets nodes out to nowhere, and the network alone in to private endpoints', async () => {
    assert.deepEqual(await childOf('NetworkSecurityGroup net-nodes'), {
      ...ours,
      securityRules: [denyInternet],
    });
    const inbound = {
      direction: 'Inbound',
      sourcePortRange: '*',
      destinationAddressPrefix: '*',
    };
    assert.deepEqual(await childOf('NetworkSecurityGroup net-endpoints'), {
      ...ours,
      securityRules: [
        {
          ...inbound,
          name: 'allow-tls-from-network',
          priority: 4000,
          access: 'Allow',
          protocol: 'Tcp',
          sourceAddressPrefix: '10.30.0.0/16',
          destinationPortRange: '443',
        },
        {
          ...inbound,
          name: 'deny-others',
          priority: 4096,
          access: 'Deny',
          protocol: '*',
          sourceAddressPrefix: '*',
          destinationPortRange: '*',
        },
      ],
    });
  });

  it('resolves the names of private endpoints', async () => {
    for (const [service, privateZoneName] of [
      ['vault', 'privatelink.vaultcore.azure.net'],
      ['blob', 'privatelink.blob.core.windows.net'],
      ['registry', 'privatelink.azurecr.io'],
    ] as const) {
      const global = { ...ours, location: 'global' };
      assert.deepEqual(await childOf(`PrivateZone net-${service}`), { ...global, privateZoneName });
      assert.deepEqual(await childOf(`VirtualNetworkLink net-${service}`), {
        ...global,
        privateZoneName: `net-${service}-name`,
        registrationEnabled: false,
        virtualNetwork: { id: 'net-id' },
      });
    }
  });

  it('keeps logs in a workspace that takes no shared key', async () => {
    assert.deepEqual(await childOf('Workspace net'), {
      ...ours,
      sku: { name: 'PerGB2018' },
      retentionInDays: 365,
      features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true },
      publicNetworkAccessForIngestion: 'Disabled',
      publicNetworkAccessForQuery: 'Enabled',
    });
  });

  it('logs every connection to an account of its own, as an identity of its own', async () => {
    assert.deepEqual(await childOf('UserAssignedIdentity net-flow-logs'), ours);
    assert.deepEqual(await childOf('StorageAccount netlogs'), {
      ...ours,
      kind: 'StorageV2',
      sku: { name: 'Standard_LRS' },
      minimumTlsVersion: 'TLS1_2',
      enableHttpsTrafficOnly: true,
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      allowCrossTenantReplication: false,
      publicNetworkAccess: 'Disabled',
      networkRuleSet: { bypass: 'AzureServices', defaultAction: 'Deny' },
    });
    assert.deepEqual(await childOf('RoleAssignment net-flow-logs'), {
      scope: 'netlogs-id',
      roleDefinitionId: roleId(roles.storageBlobDataContributor),
      principalId: 'net-flow-logs-principal',
      principalType: 'ServicePrincipal',
    });
    assert.deepEqual(await childOf('ManagementPolicy net-flow-logs'), {
      accountName: 'netlogs-name',
      resourceGroupName: 'serving',
      managementPolicyName: 'default',
      policy: {
        rules: [
          {
            name: 'expire',
            enabled: true,
            type: 'Lifecycle',
            definition: {
              actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 365 } } },
              filters: { blobTypes: ['blockBlob'] },
            },
          },
        ],
      },
    });
    assert.deepEqual(await childOf('FlowLog net'), {
      location: 'uaenorth',
      tags: tags('ServingNetwork/net'),
      networkWatcherName: 'NetworkWatcher_uaenorth',
      resourceGroupName: 'NetworkWatcherRG',
      targetResourceId: 'net-id',
      storageId: 'netlogs-id',
      enabled: true,
      format: { type: 'JSON', version: 2 },
      identity: { type: 'UserAssigned', userAssignedIdentities: ['net-flow-logs-id'] },
    });
  });

  it('uses the network watcher and the days that it is given', async () => {
    const args = {
      networkWatcher: { name: 'watcher', resourceGroupName: output('watchers') },
      logRetentionDays: 30,
    };
    const { registered } = await record(() => network(args));
    const children = childrenOf(registered, 'net');
    const flowLog = children['FlowLog net'] as Record<string, unknown>;
    assert.deepEqual(
      [flowLog.networkWatcherName, flowLog.resourceGroupName],
      ['watcher', 'watchers'],
    );
    assert.equal((children['Workspace net'] as Record<string, unknown>).retentionInDays, 30);
    assert.match(
      JSON.stringify(children['ManagementPolicy net-flow-logs']),
      /"daysAfterModificationGreaterThan":30}/,
    );
  });

  it('lets out to the ranges that were asked for, through one address', async () => {
    assert.deepEqual(await childOf('NetworkSecurityGroup net-nodes', withInternet), {
      ...ours,
      securityRules: [
        {
          name: 'allow-named-ranges',
          direction: 'Outbound',
          priority: 4000,
          access: 'Allow',
          protocol: 'Tcp',
          sourceAddressPrefix: '*',
          sourcePortRange: '*',
          destinationAddressPrefixes: ['20.38.0.0/24'],
          destinationPortRange: '443',
        },
        denyInternet,
      ],
    });
    assert.deepEqual(await childOf('PublicIPAddress net-nat', withInternet), {
      ...ours,
      sku: { name: 'Standard' },
      publicIPAllocationMethod: 'Static',
    });
    assert.deepEqual(await childOf('NatGateway net', withInternet), {
      ...ours,
      sku: { name: 'Standard' },
      publicIpAddresses: [{ id: 'net-nat-id' }],
    });
    const nodes = (await childOf('Subnet net-nodes', withInternet)) as Record<string, unknown>;
    assert.deepEqual(nodes.natGateway, { id: 'net-id' });
  });

  it('declares the logs, and the way out with its reason', async () => {
    const within = zone();
    await record(() => network({ internet }, base(within)));
    const flows = auditTree(within).flatMap((audit) => audit.flows);
    assert.deepEqual(
      flows.map((flow) => [flow.kind, flow.status === 'declared' && flow.to]),
      [
        ['storage', { name: 'log workspace net', place: 'azure:uaenorth' }],
        ['log', { name: 'flow logs of net', place: 'azure:uaenorth' }],
        ['egress', { ...bureau, name: 'credit bureau (scores are bought)' }],
      ],
    );
  });

  it('gives the ranges of private endpoints, as a peer too', async () => {
    const { result } = await usual();
    assert.deepEqual(result.endpointRanges, ['10.30.128.0/26']);
    assert.deepEqual(result.endpoints.cidrs, ['10.30.128.0/26']);
  });

  refusesAbroad('net', (on) => network({}, on));

  const at = 'manara:azure:ServingNetwork "net":';
  const ranges = '10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10';
  const range = `expected a range of /16 to /24 within ${ranges}, by its first address; received`;
  refuses('net', [
    [
      'a range of the internet',
      (on) => network({ cidr: '20.0.0.0/16' }, on),
      `${at} cidr: ${range} "20.0.0.0/16" (MANARA_ARGS)`,
    ],
    [
      'a range that is too small',
      (on) => network({ cidr: '10.30.0.0/25' }, on),
      `${at} cidr: ${range} "10.30.0.0/25" (MANARA_ARGS)`,
    ],
    [
      'a range that is known late',
      (on) => network({ cidr: output(cidr) }, on),
      `${at} cidr: expected text; received an Output, whose value is known only after deployment (MANARA_ARGS)`,
    ],
    [
      'more nodes than there is room for',
      (on) => network({ cidr: '10.30.0.0/24', nodes: 124 }, on),
      `${at} cidr: expected room for 124 nodes; 10.30.0.0/24 has 123; give a wider range; received "10.30.0.0/24" (MANARA_ARGS)`,
    ],
    [
      'an overlap with a peer',
      (on) => network({ peers: { dc: '10.30.4.0/22' } }, on),
      `${at} cidr: expected a range apart from 10.30.4.0/22 of "dc", or packets between them could not be routed; received "10.30.0.0/16" (MANARA_ARGS)`,
    ],
    [
      'a peer that is no range',
      (on) => network({ peers: { dc: 'dc.example' } }, on),
      `${at} peers["dc"]: expected a range such as 10.30.0.0/16; received "dc.example" (MANARA_ARGS)`,
    ],
    [
      'no reason for the internet',
      (on) => network({ internet: { why: ' ', to: [bureau] } }, on),
      `${at} internet.why: expected the reason, which the auditor reads; received " " (MANARA_ARGS)`,
    ],
    [
      'all of the internet',
      (on) =>
        network({ internet: { why: 'x', to: [{ ...bureau, addresses: ['0.0.0.0/0'] }] } }, on),
      `${at} internet.to: expected ranges of /8 to /32 outside the network's own, not all of the internet; received "0.0.0.0/0" (MANARA_ARGS)`,
    ],
    [
      'days that a workspace does not keep',
      (on) => network({ logRetentionDays: 731 }, on),
      `${at} logRetentionDays: expected whole days from 30 to 730; received 731 (MANARA_ARGS)`,
    ],
    [
      'no nodes',
      (on) => network({ nodes: 0 }, on),
      `${at} nodes: expected a whole number above 0; received 0 (MANARA_ARGS)`,
    ],
    [
      'a place of another cloud',
      (on) => network({ place: 'aws:me-central-1' }, on),
      `${at} place: expected a region of azure; received "aws:me-central-1" (MANARA_PLACE)`,
    ],
  ]);

  it('refuses a way out that leaves the zone', async () => {
    const abroad = { why: 'x', to: [{ ...bureau, place: 'aws:eu-west-1' }] };
    await assert.rejects(
      record(() => network({ internet: abroad })),
      /egress flow of bank\/azure:ServingNetwork:net: [^]*aws:eu-west-1, outside zone "bank"/,
    );
  });

  it('does not compile with a place outside the zone', () => {
    const wrong = (): ServingNetwork<UaePlace> =>
      new ServingNetwork('net', {
        zone: zone(),
        // @ts-expect-error a place that the zone has not
        place: 'azure:westeurope',
        resourceGroupName: 'serving',
        cidr,
      });
    assert.throws(wrong, { code: 'MANARA_RESIDENCY' });
  });
});
