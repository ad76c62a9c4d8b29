import assert from 'node:assert/strict';
import { none } from '@manara/constructs';
import { AksServingCluster, GpuNodePool, ImageRegistry, ServingKeys, ServingNetwork } from '../src';
import { cluster } from './support/cluster';
import { capital, childrenOf, lazily, record, tags, type UaePlace } from './support/fixtures';
import { refuses, refusesAbroad } from './support/refusals';
import { offerings, sku } from './support/skus';
import { base, type Base } from './support/stack';

function pool(args: object = {}, on: Base = base()): GpuNodePool<UaePlace> {
  return new GpuNodePool('gpu', {
    ...on,
    cluster: cluster({}, { ...on, place: 'azure:uaenorth' }),
    vmSize: 'Standard_NC24ads_A100_v4',
    nodes: { min: 0, max: 2 },
    offerings,
    ...args,
  });
}

const usual = lazily(() => record(() => pool()));

describe('GpuNodePool', () => {
  it('is an agent pool with a driver, in the zones that have the size, for those that ask for a GPU', async () => {
    const { registered, result } = await usual();
    assert.deepEqual(childrenOf(registered, 'gpu'), {
      'AgentPool gpu': {
        resourceGroupName: 'serving',
        resourceName: 'aks-name',
        agentPoolName: 'gpu',
        mode: 'User',
        type: 'VirtualMachineScaleSets',
        osType: 'Linux',
        osSKU: 'Ubuntu',
        gpuProfile: { driver: 'Install' },
        vmSize: 'Standard_NC24ads_A100_v4',
        osDiskSizeGB: 128,
        vnetSubnetID: 'net-nodes-id',
        availabilityZones: ['1', '3'],
        enableNodePublicIP: false,
        enableEncryptionAtHost: true,
        enableAutoScaling: true,
        minCount: 0,
        maxCount: 2,
        count: 0,
        nodeLabels: { 'manara.dev/pool': 'gpu', 'manara.dev/gpu': 'nvidia' },
        nodeTaints: ['nvidia.com/gpu=present:NoSchedule'],
        upgradeSettings: { maxSurge: '10%' },
        tags: tags('GpuNodePool/gpu'),
      },
    });
    assert.equal(result.gpus, 1);
    assert.deepEqual(result.zones, ['1', '3']);
  });

  it('has no zones where the region has none', async () => {
    const { registered, result } = await record(() => {
      const on = { ...base(), place: capital } as const;
      const network = new ServingNetwork('net', { ...on, cidr: '10.30.0.0/16' });
      const keys = new ServingKeys('keys', { ...on, network });
      const registry = new ImageRegistry('images', {
        ...on,
        network,
        keys,
        systemImages: none('accepted'),
      });
      const aks = new AksServingCluster('aks', {
        ...on,
        network,
        keys,
        registry,
        adminGroupObjectIds: ['admins'],
        systemVmSize: 'Standard_D4s_v5',
      });
      return new GpuNodePool('gpu', {
        ...on,
        cluster: aks,
        vmSize: 'Standard_NC4as_T4_v3',
        nodes: { min: 1, max: 1 },
        offerings: [
          sku('Standard_NC4as_T4_v3', { vCPUs: 4, GPUs: 1 }, { location: 'uaecentral', zones: [] }),
        ],
      });
    });
    assert.deepEqual(result.zones, []);
    assert(!('availabilityZones' in (childrenOf(registered, 'gpu')['AgentPool gpu'] as object)));
  });

  refusesAbroad('gpu', (on) =>
    pool(
      { offerings: [sku('Standard_NC24ads_A100_v4', { GPUs: 1 }, { location: 'westeurope' })] },
      on,
    ),
  );

  const at = 'manara:azure:GpuNodePool "gpu":';
  const command =
    'az vm list-skus --location uaenorth --resource-type virtualMachines --all --output json';
  refuses('gpu', [
    [
      'a size that nobody asked Azure about, with the command that does',
      (on) => pool({ offerings: undefined }, on),
      `${at} offerings: expected what this prints: ${command}; received nothing (MANARA_ARGS)`,
    ],
    [
      'offerings of another form',
      (on) => pool({ offerings: [{ name: 'Standard_NC24ads_A100_v4' }] }, on),
      `${at} offerings.0.family: expected text; received nothing (MANARA_ARGS)`,
    ],
    [
      'a size without GPUs',
      (on) => pool({ vmSize: 'Standard_D8s_v5' }, on),
      `${at} vmSize: expected a size with GPUs; CpuNodePool takes one without; received "Standard_D8s_v5" (MANARA_ARGS)`,
    ],
    [
      'a size that the region lacks',
      (on) => pool({ vmSize: 'Standard_ND96isr_H100_v5' }, on),
      `${at} vmSize: expected one of the 3 sizes that offerings has at azure:uaenorth; ${command} prints them anew; received "Standard_ND96isr_H100_v5" (MANARA_ARGS)`,
    ],
    [
      'a size that the subscription may not have',
      (on) => pool({ vmSize: 'Standard_NC40ads_H100_v5' }, on),
      `${at} vmSize: expected a size that the subscription can have at azure:uaenorth; Azure says NotAvailableForSubscription of this one; received "Standard_NC40ads_H100_v5" (MANARA_ARGS)`,
    ],
    [
      'a zone that lacks the size',
      (on) => pool({ zones: ['2'] }, on),
      `${at} zones: expected different ones of 1, 3, which Standard_NC24ads_A100_v4 has at azure:uaenorth; received "2" (MANARA_ARGS)`,
    ],
    [
      'a quota for fewer',
      (on) => pool({ quotaVcpus: 24 }, on),
      `${at} quotaVcpus: expected at least 48 for 2 nodes with 24 each, and 0 of other pools of Standard_NC24ads_A100_v4Family; ask Azure to raise the limit, or lower the number of nodes; received 24 (MANARA_ARGS)`,
    ],
  ]);
});
