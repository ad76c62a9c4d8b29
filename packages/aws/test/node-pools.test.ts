import assert from 'node:assert/strict';
import { auditTree } from '@manara/constructs';
import { output } from '@pulumi/pulumi';
import { CpuNodePool, GpuNodePool } from '../src';
import { home, inputsOf, lazily, namesOf, record, recordRefusal, tags } from './support/fixtures';
import { refuses } from './support/refusals';
import { base, type Base, cluster } from './support/stack';

const region = 'me-central-1';

function cpu(on: Base, args: object = {}, clusterArgs: object = {}) {
  return new CpuNodePool('web', {
    cluster: cluster(on, clusterArgs),
    instanceTypes: ['m7i.xlarge'],
    nodes: { min: 1, max: 6 },
    ...args,
  });
}

function gpu(on: Base, args: object = {}, clusterArgs: object = {}) {
  return new GpuNodePool('l4', {
    cluster: cluster(on, clusterArgs),
    instanceTypes: ['g6.xlarge'],
    nodes: { min: 1, max: 4 },
    ...args,
  });
}

const usual = lazily(() =>
  record(() =>
    cpu(base(), {
      instanceTypes: ['m7g.xlarge', 'm8g.xlarge'],
      spot: { max: 12 },
      labels: { team: 'fraud' },
      taints: [{ key: 'batch', effect: 'NoExecute' }],
      diskGiB: 200,
      tags: { cost: '42' },
    }),
  ),
);

describe('CpuNodePool', () => {
  const ours = { cost: '42', ...tags('CpuNodePool/web') };

  it('has a group of on-demand nodes, the floor, and one of spot nodes', async () => {
    const { registered } = await usual();
    const type = 'aws:eks/nodeGroup:NodeGroup';
    const web = inputsOf(registered, type, 'web');
    assert.deepEqual(web, {
      clusterName: 'dubai',
      nodeRoleArn: 'arn:dubai-node',
      subnetIds: ['1', '2', '3'].map((n) => `net-workload-mec1-az${n}-id`),
      amiType: 'BOTTLEROCKET_ARM_64',
      capacityType: 'ON_DEMAND',
      instanceTypes: ['m7g.xlarge', 'm8g.xlarge'],
      scalingConfig: { minSize: 1, maxSize: 6, desiredSize: 1 },
      launchTemplate: { id: 'web-id', version: '3' },
      updateConfig: { maxUnavailablePercentage: 33 },
      nodeRepairConfig: { enabled: true },
      labels: { team: 'fraud', 'manara.dev/pool': 'web' },
      taints: [{ key: 'batch', effect: 'NO_EXECUTE' }],
      region,
      tags: ours,
    });
    assert.deepEqual(inputsOf(registered, type, 'web-spot'), {
      ...web,
      capacityType: 'SPOT',
      scalingConfig: { minSize: 0, maxSize: 12, desiredSize: 0 },
      launchTemplate: { id: 'web-spot-id', version: '3' },
    });
  });

  it('leaves the number of nodes to an autoscaler, once they are there', async () => {
    const { registered } = await usual();
    const found = registered.find(
      ({ type, name }) => type.endsWith(':NodeGroup') && name === 'web',
    );
    assert.deepEqual(found?.ignoreChanges, ['scalingConfig.desiredSize']);
  });

  it('encrypts both disks with the key for disks, and keeps pods off the node’s credentials', async () => {
    const { registered } = await usual();
    const ebs = {
      encrypted: 'true',
      kmsKeyId: 'arn:keys-disks',
      volumeType: 'gp3',
      deleteOnTermination: 'true',
    };
    assert.deepEqual(inputsOf(registered, 'aws:ec2/launchTemplate:LaunchTemplate', 'web'), {
      updateDefaultVersion: true,
      metadataOptions: {
        httpEndpoint: 'enabled',
        httpTokens: 'required',
        httpPutResponseHopLimit: 1,
      },
      blockDeviceMappings: [
        { deviceName: '/dev/xvda', ebs },
        { deviceName: '/dev/xvdb', ebs: { ...ebs, volumeSize: 200 } },
      ],
      tagSpecifications: ['instance', 'volume', 'network-interface'].map((resourceType) => ({
        resourceType,
        tags: { ...ours, Name: 'web' },
      })),
      region,
      tags: ours,
    });
  });

  it('stands where its cluster does, and declares what rests on its nodes', async () => {
    const { result } = await usual();
    assert.equal(result.place, home);
    assert.deepEqual(
      auditTree(result.zone)
        .flatMap(({ flows }) => flows)
        .filter(({ owner }) => owner === 'bank/aws:CpuNodePool:web')
        .map((flow) => flow.status === 'declared' && [flow.kind, flow.to.name, flow.to.place]),
      [['storage', 'disks of node pool web', home]],
    );
  });

  it('is registered below its own component, without spot where none is asked for', async () => {
    const { registered } = await record(() => cpu(base()));
    assert.deepEqual(namesOf(registered.filter(({ parent }) => parent === 'web')), [
      'LaunchTemplate web',
      'NodeGroup web',
    ]);
  });

  const at = 'manara:aws:CpuNodePool "web":';
  const cpuFamilies =
    'c5, c5d, c6g, c6in, c7i, c8gn, i3, i3en, i4i, i7i, m5, m5d, m6g, m6gd, m6i, m7g, m7gd, m7i, m8g, r5, r5d, r6g, r6i, r7g, r7gd, r8g, r8i, x2idn, x2iezn';
  const given = (args: object, clusterArgs?: object) => (on: Base) => cpu(on, args, clusterArgs);
  refuses('web', [
    [
      'a cluster that is none',
      given({ cluster: 'dubai' }),
      `${at} cluster: expected an EksServingCluster; received "dubai" (MANARA_ARGS)`,
    ],
    [
      'no types',
      given({ instanceTypes: [] }),
      `${at} instanceTypes: expected at least one instance type; received [] (MANARA_ARGS)`,
    ],
    [
      'types of two architectures',
      given({ instanceTypes: ['m7i.large', 'm7g.large'] }),
      `${at} instanceTypes: expected types of one architecture and one GPU, as a pod asks for one; received ["m7i.large","m7g.large"] (MANARA_ARGS)`,
    ],
    [
      'a type with a GPU',
      given({ instanceTypes: ['g6.xlarge'] }),
      `${at} instanceTypes: expected a type without a GPU: ${cpuFamilies}; for this one, GpuNodePool; received "g6.xlarge" (MANARA_ARGS)`,
    ],
    [
      'spot nodes without a floor',
      given({ nodes: { min: 0, max: 2 }, spot: { max: 2 } }),
      `${at} nodes: expected whole numbers of nodes, 1 ≤ min ≤ max ≤ 450 and 1 ≤ max; received "{\\"min\\":0,\\"max\\":2}" (MANARA_ARGS)`,
    ],
    [
      'counts in the wrong order',
      given({ nodes: { min: 3, max: 2 } }),
      `${at} nodes: expected whole numbers of nodes, 0 ≤ min ≤ max ≤ 450 and 1 ≤ max; received "{\\"min\\":3,\\"max\\":2}" (MANARA_ARGS)`,
    ],
    [
      'a count that is known only after deployment',
      given({ nodes: { min: output(1), max: 2 } }),
      `${at} nodes.min: expected a number; received an Output, whose value is known only after deployment (MANARA_ARGS)`,
    ],
    [
      'a disk out of range',
      given({ diskGiB: 10 }),
      `${at} diskGiB: expected whole GiB from 20 to 16384; received 10 (MANARA_ARGS)`,
    ],
    [
      'a taint in the words of EKS',
      given({ taints: [{ key: 'a', effect: 'NO_SCHEDULE' }] }),
      `${at} taints: expected effects of NoSchedule, PreferNoSchedule, NoExecute; received "NO_SCHEDULE" (MANARA_ARGS)`,
    ],
    [
      'more vCPUs than the quota leaves, spot nodes apart',
      given({ spot: { max: 100 } }, { quotas: { 'L-1216C47A': 20 } }),
      `${at} nodes: expected at most 12 of the 20 vCPUs of the quota "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", of which other pools may take 8; ask AWS for more, or grow less; received 24 (MANARA_ARGS)`,
    ],
  ]);
});

describe('GpuNodePool', () => {
  const made = lazily(() => record(() => gpu(base())));

  it('runs in the zones that offer its types, on an image with driver and device plugin', async () => {
    const { registered, result } = await made();
    assert.deepEqual([...result.availabilityZones], ['mec1-az1', 'mec1-az2']);
    const inputs = inputsOf(registered, 'aws:eks/nodeGroup:NodeGroup', 'l4');
    assert.deepEqual(inputs.subnetIds, ['net-workload-mec1-az1-id', 'net-workload-mec1-az2-id']);
    assert.equal(inputs.amiType, 'BOTTLEROCKET_x86_64_NVIDIA');
    assert.deepEqual(inputs.labels, {
      'manara.dev/pool': 'l4',
      'manara.dev/accelerator': 'nvidia-l4',
    });
    assert.deepEqual(inputs.taints, [
      { key: 'nvidia.com/gpu', value: 'present', effect: 'NO_SCHEDULE' },
    ]);
  });

  it('has EFA on every network card, in a placement group of one zone', async () => {
    const { registered } = await record(() =>
      gpu(base(), {
        instanceTypes: ['g6e.24xlarge'],
        efa: true,
        availabilityZones: ['mec1-az2'],
      }),
    );
    const template = inputsOf(registered, 'aws:ec2/launchTemplate:LaunchTemplate', 'l4');
    const card = {
      associatePublicIpAddress: 'false',
      deleteOnTermination: 'true',
      securityGroups: ['sg-cluster'],
    };
    assert.deepEqual(template.networkInterfaces, [
      { networkCardIndex: 0, deviceIndex: 0, interfaceType: 'efa', ...card },
      { networkCardIndex: 1, deviceIndex: 1, interfaceType: 'efa-only', ...card },
    ]);
    assert.deepEqual(template.placement, { groupName: 'l4-group' });
    assert.deepEqual(inputsOf(registered, 'aws:ec2/placementGroup:PlacementGroup', 'l4'), {
      strategy: 'cluster',
      region,
      tags: tags('GpuNodePool/l4'),
    });
    const group = inputsOf(registered, 'aws:eks/nodeGroup:NodeGroup', 'l4');
    assert.deepEqual(group.subnetIds, ['net-workload-mec1-az2-id']);
    assert.deepEqual(group.labels, {
      'manara.dev/pool': 'l4',
      'manara.dev/accelerator': 'nvidia-l40s',
      'manara.dev/efa': 'present',
    });
  });

  it('counts all pools of a cluster against a quota, and a refused one not at all', async () => {
    const { message } = await recordRefusal(() => {
      const on = cluster(base(), { quotas: { 'Running On-Demand G and VT instances': 32 } });
      const pool = (name: string, max: number) =>
        new GpuNodePool(name, {
          cluster: on,
          instanceTypes: ['g6.xlarge'],
          nodes: { min: 0, max },
        });
      pool('a', 4);
      assert.throws(() => pool('b', 5), /MANARA_ARGS/);
      pool('c', 4);
      pool('d', 1);
    });
    assert.equal(
      message,
      'manara:aws:GpuNodePool "d": nodes: expected at most 0 of the 32 vCPUs of the quota "Running On-Demand G and VT instances", of which other pools may take 32; ask AWS for more, or grow less; received 4 (MANARA_ARGS)',
    );
  });

  it('takes newer offerings than the table’s', async () => {
    const { result } = await record(() =>
      gpu(
        base(),
        { instanceTypes: ['g7.xlarge'] },
        {
          offerings: {
            'm6i.large': { zones: ['mec1-az1'], vcpus: 2, architecture: 'x86_64' },
            'g7.xlarge': {
              zones: ['mec1-az3'],
              vcpus: 4,
              architecture: 'x86_64',
              gpu: { name: 'nvidia-rtx', count: 1 },
            },
          },
        },
      ),
    );
    assert.deepEqual([...result.availabilityZones], ['mec1-az3']);
  });

  const at = 'manara:aws:GpuNodePool "l4":';
  const given = (args: object, clusterArgs?: object) => (on: Base) => gpu(on, args, clusterArgs);
  const all =
    'g5 in mec1-az1 and mec1-az2, g6 in mec1-az1 and mec1-az2, g6e in mec1-az1 and mec1-az2, p5en in mec1-az1 and mec1-az3';
  refuses('l4', [
    [
      'a type that the place lacks, with what there is',
      given({ instanceTypes: ['p4d.24xlarge'] }),
      `${at} instanceTypes: expected a type that aws:me-central-1 offers: ${all}; the nearest to it: p5en.48xlarge; received "p4d.24xlarge" (MANARA_ARGS)`,
    ],
    [
      'a type that the zone lacks, with what it has',
      given({ availabilityZones: ['mec1-az3'] }),
      `${at} instanceTypes: expected types that mec1-az3 offers: p5en; "g6.xlarge" is in mec1-az1, mec1-az2; received "g6.xlarge" (MANARA_ARGS)`,
    ],
    [
      'a type without a GPU',
      given({ instanceTypes: ['m7i.large'] }),
      `${at} instanceTypes: expected a type with a GPU: ${all}; for this one, CpuNodePool; received "m7i.large" (MANARA_ARGS)`,
    ],
    [
      'a zone that is not the network’s',
      given({ availabilityZones: ['mec1-az4'] }),
      `${at} availabilityZones: expected zones of the network: mec1-az1, mec1-az2, mec1-az3; received "mec1-az4" (MANARA_ARGS)`,
    ],
    [
      'types that no zone of the network offers',
      given(
        { instanceTypes: ['g9.xlarge'] },
        {
          offerings: {
            'm6i.large': { zones: ['mec1-az1'], vcpus: 2, architecture: 'x86_64' },
            'g9.xlarge': {
              zones: ['mec1-az9'],
              vcpus: 4,
              architecture: 'x86_64',
              gpu: { name: 'x', count: 1 },
            },
          },
        },
      ),
      `${at} instanceTypes: expected types that one of the network's zones (mec1-az1, mec1-az2, mec1-az3) offers together: g9 in mec1-az9; received ["g9.xlarge"] (MANARA_ARGS)`,
    ],
    [
      'EFA over several zones',
      given({ instanceTypes: ['g6.8xlarge'], efa: true }),
      `${at} availabilityZones: expected one zone where efa is asked for, as it does not reach across; received ["mec1-az1","mec1-az2"] (MANARA_ARGS)`,
    ],
    [
      'EFA on a type that has none',
      given({ efa: true, availabilityZones: ['mec1-az1'] }),
      `${at} efa: expected types that all have EFA, or no efa; received ["g6.xlarge"] (MANARA_ARGS)`,
    ],
  ]);
});
