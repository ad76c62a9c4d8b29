import assert from 'node:assert/strict';
import { auditTree } from '@manara/constructs';
import { output } from '@pulumi/pulumi';
import { CpuNodePool } from '../src';
import { cluster } from './support/cluster';
import { capital, childrenOf, lazily, record, tags, type UaePlace, zone } from './support/fixtures';
import { refuses, refusesAbroad } from './support/refusals';
import { offerings } from './support/skus';
import { base, type Base } from './support/stack';

function pool(args: object = {}, on: Base = base(), name = 'cpu'): CpuNodePool<UaePlace> {
  return new CpuNodePool(name, {
    ...on,
    cluster: cluster({}, { ...on, place: 'azure:uaenorth' }),
    vmSize: 'Standard_D8s_v5',
    nodes: { min: 2, max: 6 },
    ...args,
  });
}

const usual = lazily(() => record(() => pool()));

/** What every pool of the tests has. */
const common = {
  resourceGroupName: 'serving',
  resourceName: 'aks-name',
  mode: 'User',
  type: 'VirtualMachineScaleSets',
  osType: 'Linux',
  osSKU: 'AzureLinux',
  vmSize: 'Standard_D8s_v5',
  osDiskSizeGB: 128,
  vnetSubnetID: 'net-nodes-id',
  availabilityZones: ['1', '2', '3'],
  enableNodePublicIP: false,
  enableEncryptionAtHost: true,
  enableAutoScaling: true,
  nodeLabels: { 'manara.dev/pool': 'cpu' },
  nodeTaints: [],
  tags: tags('CpuNodePool/cpu'),
};

describe('CpuNodePool', () => {
  it('is an agent pool over the zones of the region, whose count the autoscaler owns', async () => {
    const { registered, result } = await usual();
    assert.deepEqual(childrenOf(registered, 'cpu'), {
      'AgentPool cpu': {
        ...common,
        agentPoolName: 'cpu',
        minCount: 2,
        maxCount: 6,
        count: 2,
        upgradeSettings: { maxSurge: '10%' },
      },
    });
    const made = registered.find((r) => r.type.endsWith(':AgentPool'));
    assert.deepEqual(made?.ignoreChanges, ['count']);
    assert.deepEqual(result.zones, ['1', '2', '3']);
  });

  it('has spot machines above a floor that Azure may not take back', async () => {
    const { registered } = await record(() =>
      pool({ spot: { floor: 2 }, labels: { team: 'fraud' }, taints: ['team=fraud:NoExecute'] }),
    );
    const own = {
      ...common,
      nodeLabels: { team: 'fraud', 'manara.dev/pool': 'cpu' },
      nodeTaints: ['team=fraud:NoExecute'],
    };
    assert.deepEqual(childrenOf(registered, 'cpu'), {
      'AgentPool cpuf': {
        ...own,
        agentPoolName: 'cpuf',
        minCount: 2,
        maxCount: 2,
        count: 2,
        upgradeSettings: { maxSurge: '10%' },
      },
      'AgentPool cpu': {
        ...own,
        agentPoolName: 'cpu',
        minCount: 0,
        maxCount: 4,
        count: 0,
        scaleSetPriority: 'Spot',
        scaleSetEvictionPolicy: 'Delete',
        spotMaxPrice: -1,
        nodeLabels: { ...own.nodeLabels, 'kubernetes.azure.com/scalesetpriority': 'spot' },
        nodeTaints: [
          'team=fraud:NoExecute',
          'kubernetes.azure.com/scalesetpriority=spot:NoSchedule',
        ],
      },
    });
  });

  it('takes the price, zones and disk that it is given', async () => {
    const { registered } = await record(() =>
      pool({ spot: { floor: 1, maxPriceUsd: 0.5 }, zones: ['2'], diskGib: 64 }),
    );
    const made = childrenOf(registered, 'cpu')['AgentPool cpu'] as Record<string, unknown>;
    assert.deepEqual(
      [made.spotMaxPrice, made.availabilityZones, made.osDiskSizeGB],
      [0.5, ['2'], 64],
    );
  });

  it('stays within a quota that holds every node', async () => {
    const { result } = await record(() => pool({ offerings, quotaVcpus: 48 }));
    assert.deepEqual(result.zones, ['1', '2', '3']);
  });

  it('declares what its disks keep', async () => {
    const within = zone();
    await record(() => pool({}, base(within)));
    const flows = auditTree(within)
      .flatMap((audit) => audit.flows)
      .filter(({ owner }) => owner === 'bank/azure:CpuNodePool:cpu');
    assert.deepEqual(
      flows.map((flow) => [flow.kind, flow.status === 'declared' && flow.to]),
      [['storage', { name: 'disks of node pool cpu', place: 'azure:uaenorth' }]],
    );
  });

  refusesAbroad('cpu', (on) => pool({}, on));

  const at = 'manara:azure:CpuNodePool "cpu":';
  const nodes = { min: 1, max: 4 };
  refuses('cpu', [
    [
      'more nodes at least than at most',
      (on) => pool({ nodes: { min: 5, max: 4 } }, on),
      `${at} nodes.min: expected a whole number from 0 to nodes.max, 4; received 5 (MANARA_ARGS)`,
    ],
    [
      'no nodes at all',
      (on) => pool({ nodes: { min: 0, max: 0 } }, on),
      `${at} nodes.max: expected a whole number from 1 to 1000; received 0 (MANARA_ARGS)`,
    ],
    [
      'a count that is known late',
      (on) => pool({ nodes: { min: 1, max: output(4) } }, on),
      `${at} nodes.max: expected a number; received an Output, whose value is known only after deployment (MANARA_ARGS)`,
    ],
    [
      'a floor that leaves nothing to spot',
      (on) => pool({ nodes, spot: { floor: 4 } }, on),
      `${at} spot.floor: expected a whole number from 1, and below nodes.max, 4; received 4 (MANARA_ARGS)`,
    ],
    [
      'spot without a floor',
      (on) => pool({ nodes, spot: { floor: 0 } }, on),
      `${at} spot.floor: expected a whole number from 1, and below nodes.max, 4; received 0 (MANARA_ARGS)`,
    ],
    [
      'a price that nobody pays',
      (on) => pool({ nodes, spot: { floor: 1, maxPriceUsd: 0 } }, on),
      `${at} spot.maxPriceUsd: expected dollars an hour above 0; received 0 (MANARA_ARGS)`,
    ],
    [
      'a quota that the pool could outgrow',
      (on) => pool({ offerings, quotaVcpus: 40 }, on),
      `${at} quotaVcpus: expected at least 48 for 6 nodes with 8 each, and 0 of other pools of Standard_D8s_v5Family; ask Azure to raise the limit, or lower the number of nodes; received 40 (MANARA_ARGS)`,
    ],
    [
      'a quota that nothing says the need of',
      (on) => pool({ quotaVcpus: 48 }, on),
      `${at} offerings: expected the sizes that the subscription can have, with their vCPUs, to check quotas against; received nothing (MANARA_ARGS)`,
    ],
    [
      'a size of another cloud',
      (on) => pool({ vmSize: 'm7i.2xlarge' }, on),
      `${at} vmSize: expected a size such as Standard_D8s_v5; received "m7i.2xlarge" (MANARA_ARGS)`,
    ],
    [
      'a size that is offered elsewhere',
      (on) => pool({ offerings, vmSize: 'Standard_ND96isr_H100_v5' }, on),
      `${at} vmSize: expected one of the 3 sizes that offerings has at azure:uaenorth; az vm list-skus --location uaenorth --resource-type virtualMachines --all --output json prints them anew; received "Standard_ND96isr_H100_v5" (MANARA_ARGS)`,
    ],
    [
      'a zone that the region has not',
      (on) => pool({ zones: ['4'] }, on),
      `${at} zones: expected different ones of 1, 2, 3, which Standard_D8s_v5 has at azure:uaenorth; received "4" (MANARA_ARGS)`,
    ],
    [
      'a zone twice',
      (on) => pool({ zones: ['1', '1'] }, on),
      `${at} zones: expected different ones of 1, 2, 3, which Standard_D8s_v5 has at azure:uaenorth; received ["1","1"] (MANARA_ARGS)`,
    ],
    [
      'a taint that is none',
      (on) => pool({ taints: ['team=fraud'] }, on),
      `${at} taints: expected taints such as team=fraud:NoSchedule; received "team=fraud" (MANARA_ARGS)`,
    ],
    [
      'a disk that is too small',
      (on) => pool({ diskGib: 32 }, on),
      `${at} diskGib: expected whole GiB from 64 to 2048; received 32 (MANARA_ARGS)`,
    ],
    [
      'a cluster of another place',
      (on) => pool({ place: capital }, on),
      `${at} cluster: expected one of zone "bank" at azure:uaecentral; received one of that zone at azure:uaenorth (MANARA_PLACE)`,
    ],
    [
      'a name that leaves no letter for the floor',
      (on) => pool({ nodes, spot: { floor: 1 } }, on, 'cpupoolofall'),
      'manara:azure:CpuNodePool "cpupoolofall": name: expected at most 11 characters for a pool with spot; received "cpupoolofall" (MANARA_ARGS)',
    ],
  ]);
});
