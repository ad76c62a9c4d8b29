import assert from 'node:assert/strict';
import { DataClass, Jurisdiction } from '@manara/residency';
import { App, Duration, Size } from 'cdk8s';
import {
  Consolidation,
  CpuNodePool,
  dataFlows,
  GpuNodePool,
  ImageRegistry,
  none,
  Provisioner,
  ResidencyZone,
  Site,
} from '../../src';
import { NodePool } from '../../src/capacity/node-pool';
import { refuses } from '../support/errors';
import { untyped } from '../support/fixtures';
import { documents } from '../support/manifests';
import {
  awsSite,
  azureSite,
  cpuPool,
  gpuPool,
  karpenterAws,
  machines,
  there,
} from '../support/pools';

/** A site of one's own. */
function bunker(): Site {
  const place = 'onprem:bunker';
  const zone = new ResidencyZone(new App(), 'bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: [place],
    onPremises: { [place]: Jurisdiction.AE_ONSHORE },
    data: [DataClass.PERSONAL],
  });
  const absent = { logs: none('a'), metrics: none('b'), traces: none('c'), backup: none('d') };
  const images = new ImageRegistry({ place, prefix: 'registry.bank.example' });
  return new Site(zone, 'bunker', { place, images, ...absent });
}

const all =
  'g5 in mec1-az1 and mec1-az2, g6 in mec1-az1 and mec1-az2, g6e in mec1-az1 and mec1-az2, p5en in mec1-az1 and mec1-az3';

describe('a node pool', () => {
  it('is in the zones that offer all its types', () => {
    assert.deepEqual(gpuPool(awsSite()).availabilityZones, ['mec1-az1', 'mec1-az2']);
    const both = cpuPool(awsSite(), { instanceTypes: ['m7i.large', 'r8i.large'] });
    assert.deepEqual(both.availabilityZones, ['mec1-az2', 'mec1-az3']);
  });

  it('says what labels and taints its nodes have', () => {
    const pool = gpuPool(awsSite(), { labels: { team: 'fraud' } });
    assert.deepEqual(pool.labels, {
      'manara.dev/pool': 'gpus',
      'manara.dev/accelerator': 'nvidia-l4',
      team: 'fraud',
    });
    assert.deepEqual(pool.taints, [
      { key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' },
    ]);
    assert.deepEqual(cpuPool(awsSite()).taints, []);
  });

  it('makes nothing where the nodes are there', () => {
    const app = new App();
    const site = awsSite(app);
    const before = documents(app).length;
    const pool = gpuPool(site, there);
    assert.equal(documents(app).length, before);
    assert.deepEqual(pool.labels, {
      'manara.dev/pool': 'gpus',
      'manara.dev/accelerator': 'nvidia-h100-80gb',
    });
  });

  it('is made by nobody here on premises, and by Karpenter at Azure, unless it is said', () => {
    const props = { nodes: { max: 2 }, offerings: machines };
    const atAzure = new CpuNodePool(azureSite(), 'web', {
      ...props,
      instanceTypes: ['Standard_D8s_v5'],
    });
    assert.equal(atAzure.plan.provisioner.kind, 'karpenter-azure');
    const onPremises = new GpuNodePool(bunker(), 'gpus', { ...props, instanceTypes: ['dgx-h100'] });
    assert.equal(onPremises.plan.provisioner.kind, 'labelled');
    assert.deepEqual(onPremises.availabilityZones, []);
    refuses(
      () => new CpuNodePool(awsSite(), 'web', { instanceTypes: ['m7i.large'], nodes: { max: 1 } }),
      'MANARA_CAPACITY',
      '[bank/dubai/web] provisioner: expected Provisioner.karpenterAws({ … }), or Provisioner.labelled()',
    );
  });

  it('keeps disks where the site is', () => {
    const flows = gpuPool(awsSite())[dataFlows]();
    assert.deepEqual(
      flows.map((flow) => flow.status === 'declared' && [flow.kind, flow.to.name, flow.to.place]),
      [['storage', 'disks of node pool gpus', 'aws:me-central-1']],
    );
  });

  it('is known across copies of the package, and a site is none', () => {
    assert(NodePool.isNodePool(gpuPool(awsSite())));
    assert(!NodePool.isNodePool(awsSite()));
    assert(!NodePool.isNodePool(undefined));
  });

  it('leaves nothing in the tree when it is refused', () => {
    const app = new App();
    const site = awsSite(app);
    const before = documents(app);
    assert.throws(() => gpuPool(site, { instanceTypes: ['p4d.24xlarge'] }));
    assert.deepEqual(documents(app), before);
  });

  const at = '[bank/dubai/gpus]';
  const cases: readonly (readonly [string, object, ...string[]])[] = [
    [
      'a type that the place lacks, with the nearest',
      { instanceTypes: ['p4d.24xlarge'] },
      `${at} instanceTypes: expected a type that aws:me-central-1 offers: ${all}; the nearest to it: p5en.48xlarge; received "p4d.24xlarge"`,
    ],
    [
      'a type that the zone lacks, with what it has',
      { availabilityZones: ['mec1-az3'] },
      `${at} instanceTypes: expected types that mec1-az3 offers: p5en; "g6.xlarge" is in mec1-az1, mec1-az2; received "g6.xlarge"`,
    ],
    [
      'a zone that the place lacks',
      { availabilityZones: ['mec1-az4'] },
      `${at} availabilityZones: expected zones of aws:me-central-1: mec1-az1, mec1-az2, mec1-az3; received "mec1-az4"`,
    ],
    [
      'no zone',
      { availabilityZones: [] },
      `${at} availabilityZones: expected at least one of mec1-az1, mec1-az2, mec1-az3; received []`,
    ],
    [
      'a type without a GPU',
      { instanceTypes: ['m7i.large'] },
      `${at} instanceTypes: expected a type with a GPU: ${all}; for this one, CpuNodePool; received "m7i.large"`,
    ],
    [
      'types with different GPUs',
      { instanceTypes: ['g6.xlarge', 'g5.xlarge'] },
      `${at} instanceTypes: expected types of one architecture and one GPU, as a pod asks for one; received ["g6.xlarge","g5.xlarge"]`,
    ],
    ['no type', { instanceTypes: [] }, `${at} instanceTypes: expected at least one instance type`],
    [
      'no nodes',
      { nodes: { max: 0 } },
      `${at} nodes.max: expected a whole number from 1 to 5000; received 0`,
    ],
    ['half a node', { nodes: { max: 1.5 } }, `${at} nodes.max: expected a whole number`],
    [
      'a floor as high as the pool',
      { spot: { floor: 4 } },
      `${at} spot.floor: expected a whole number from 1 to 3; received 4`,
    ],
    [
      'spot in a pool of one',
      { nodes: { max: 1 }, spot: { floor: 1 } },
      `${at} spot.floor: expected no spot where nodes.max leaves no node above the floor; received 1`,
    ],
    [
      'a disk without room for images',
      { diskSize: Size.gibibytes(4) },
      `${at} diskSize: expected whole GiB from 30 to 2048; received 4 GiB`,
    ],
    [
      'a label of Manara’s own',
      { labels: { 'manara.dev/pool': 'other' } },
      `${at} labels: expected labels such as team: fraud`,
      'received manara.dev/pool: other',
    ],
    [
      'a taint with an effect that is none',
      { taints: [{ key: 'team', effect: 'NO_SCHEDULE' }] },
      `${at} taints: expected effects of NoSchedule, PreferNoSchedule, NoExecute; received "NO_SCHEDULE"`,
    ],
    [
      'a taint whose key is none',
      { taints: [{ key: 'a b', effect: 'NoSchedule' }] },
      `${at} taints: expected a key and a value as labels have them; received a b=`,
    ],
    [
      'Karpenter of another cloud',
      { provisioner: Provisioner.karpenterAzure() },
      `${at} provisioner: expected one of the site's place, aws:me-central-1; received Karpenter on azure`,
    ],
    [
      'spot where nothing here makes the nodes',
      { ...there, spot: { floor: 1 } },
      `${at} spot: expected none, as nothing here makes the nodes`,
    ],
    [
      'more nodes disrupted at once than there are',
      { disruption: { atOnce: 9 } },
      `${at} disruption.atOnce: expected a whole number from 1 to 4; received 9`,
    ],
    [
      'nodes that expire at once',
      { disruption: { expireAfter: Duration.minutes(5) } },
      `${at} disruption.expireAfter: expected whole seconds, at least 60 minutes; received 5 minutes`,
    ],
    [
      'quiet hours that Karpenter cannot count',
      { disruption: { quiet: { schedule: '0 4 * * 1-5', duration: Duration.seconds(90) } } },
      `${at} disruption.quiet.duration: expected whole minutes, at least 1 minute; received 1 minute 30 seconds`,
    ],
    [
      'quiet hours at no time',
      { disruption: { quiet: { schedule: 'weekdays', duration: Duration.hours(8) } } },
      `${at} disruption.quiet.schedule: expected a cron schedule such as "0 4 * * 1-5"; received "weekdays"`,
    ],
    [
      'half a second of calm',
      { disruption: { consolidation: Consolidation.whenEmpty(Duration.millis(500)) } },
      `${at} disruption.consolidation: expected whole seconds`,
    ],
    [
      'a machine without CPUs',
      { ...there, offerings: { 'dgx-h100': { ...machines['dgx-h100'], vcpus: 0 } } },
      `${at} offerings: expected machines with vCPUs and memory above 0`,
    ],
  ];
  for (const [title, props, ...texts] of cases) {
    it(`refuses ${title}`, () => {
      refuses(() => gpuPool(awsSite(), untyped(props)), 'MANARA_CAPACITY', ...texts);
    });
  }

  it('refuses a place of which nothing is known, unless offerings are given', () => {
    const place = 'aws:eu-west-1';
    const zone = new ResidencyZone(new App(), 'abroad', {
      jurisdiction: Jurisdiction.AE_ONSHORE,
      places: [place],
      data: [DataClass.PUBLIC],
    });
    const absent = { logs: none('a'), metrics: none('b'), traces: none('c'), backup: none('d') };
    const images = new ImageRegistry({ place, prefix: 'registry.example' });
    const site = new Site(zone, 'dublin', { place, images, ...absent });
    const props = {
      instanceTypes: ['m9i.large'],
      nodes: { max: 1 },
      provisioner: karpenterAws,
    } as const;
    refuses(
      () => new CpuNodePool(site, 'web', props),
      'MANARA_CAPACITY',
      'offerings: expected what the zones of aws:eu-west-1 offer: none is known here; give offerings; received nothing',
    );
    const offerings = {
      'm9i.large': { zones: ['euw1-az2', 'euw1-az1'], vcpus: 2, architecture: 'x86_64' },
    } as const;
    const pool = new CpuNodePool(site, 'web', { ...props, offerings });
    assert.deepEqual(pool.availabilityZones, ['euw1-az1', 'euw1-az2']);
  });

  for (const [prop, value, expected] of [
    ['instanceTypes', 'g6.xlarge', 'a list, each text'],
    ['nodes', 4, 'an object'],
    ['provisioner', 'karpenter', 'a Provisioner'],
    ['sharing', 4, 'a GpuSharing'],
    ['devices', 'plugin', 'a GpuDevices'],
    ['disruption', { consolidation: 'WhenEmpty' }, 'a Consolidation'],
    ['offerings', { x: { zones: [], vcpus: 1, architecture: 'riscv' } }, 'x86_64 or arm64'],
  ] as const) {
    it(`refuses another kind of ${prop}`, () => {
      refuses(() => gpuPool(awsSite(), untyped({ [prop]: value })), 'MANARA_PROP', prop, expected);
    });
  }

  it('refuses an id that is taken', () => {
    const site = awsSite();
    gpuPool(site);
    refuses(() => gpuPool(site), 'MANARA_NAME', '"gpus" is taken');
  });

  it('has offerings that the user gives before the table’s', () => {
    const offerings = {
      'g9.xlarge': {
        zones: ['mec1-az3'],
        vcpus: 4,
        architecture: 'x86_64',
        gpu: { name: 'nvidia-x9', count: 1 },
      },
    } as const;
    const pool = gpuPool(awsSite(), { instanceTypes: ['g9.xlarge'], offerings });
    assert.deepEqual(pool.availabilityZones, ['mec1-az3']);
    assert.equal(pool.gpus?.name, 'nvidia-x9');
  });
});
