import assert from 'node:assert/strict';
import { App, Duration } from 'cdk8s';
import { Consolidation, type GpuNodePoolProps } from '../../../src';
import { at, documentOf, documents } from '../../support/manifests';
import { awsSite, azureSite, cpuPool, gpuPool, machines } from '../../support/pools';
import { GpuDevices } from '../../../src';
import { Provisioner } from '../../../src';

/** The specs of a GPU pool's NodePools by their names. */
function specs(props: Partial<GpuNodePoolProps> = {}): Readonly<Record<string, unknown>> {
  const app = new App();
  gpuPool(awsSite(app), props);
  return Object.fromEntries(
    documents(app)
      .filter(({ kind }) => kind === 'NodePool')
      .map((document) => [String(at(document, 'metadata', 'name')), document.spec]),
  );
}

const requirement = (key: string, ...values: readonly string[]) => ({
  key,
  operator: 'In',
  values,
});

describe('NodePools of Karpenter', () => {
  it('are one where all nodes are on demand', () => {
    assert.deepEqual(specs(), {
      gpus: {
        template: {
          metadata: {
            labels: { 'manara.dev/pool': 'gpus', 'manara.dev/accelerator': 'nvidia-l4' },
          },
          spec: {
            nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'gpus' },
            requirements: [
              requirement('node.kubernetes.io/instance-type', 'g6.xlarge'),
              requirement('karpenter.sh/capacity-type', 'on-demand'),
              requirement('kubernetes.io/arch', 'amd64'),
              requirement('kubernetes.io/os', 'linux'),
              requirement('topology.k8s.aws/zone-id', 'mec1-az1', 'mec1-az2'),
            ],
            taints: [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }],
            expireAfter: '720h',
          },
        },
        limits: { nodes: 4, cpu: 16 },
        disruption: {
          consolidationPolicy: 'WhenEmpty',
          consolidateAfter: '15m',
          budgets: [{ nodes: '1' }],
        },
      },
    });
  });

  it('are two with spot: the floor is asked first, up to its limit, and is never taken down', () => {
    const found = specs({ spot: { floor: 1 }, nodes: { max: 30 } });
    assert.deepEqual(Object.keys(found), ['gpus-floor', 'gpus']);
    const { 'gpus-floor': floor, gpus: rest } = found;
    assert.equal(at(floor, 'weight'), 10);
    assert.equal(at(rest, 'weight'), undefined);
    assert.deepEqual(at(floor, 'limits'), { nodes: 1, cpu: 4 });
    assert.deepEqual(at(rest, 'limits'), { nodes: 29, cpu: 116 });
    const capacity = (spec: unknown) => at(spec, 'template', 'spec', 'requirements', 1, 'values');
    assert.deepEqual(capacity(floor), ['on-demand']);
    assert.deepEqual(capacity(rest), ['spot', 'on-demand']);
    const label = (spec: unknown) =>
      at(spec, 'template', 'metadata', 'labels', 'manara.dev/capacity');
    assert.deepEqual([label(floor), label(rest)], ['floor', 'rest']);
    assert.deepEqual(at(floor, 'disruption'), {
      consolidationPolicy: 'WhenEmpty',
      consolidateAfter: 'Never',
      budgets: [{ nodes: '3' }],
    });
    assert.deepEqual(at(rest, 'disruption'), {
      consolidationPolicy: 'WhenEmptyOrUnderutilized',
      consolidateAfter: '15m',
      budgets: [{ nodes: '3' }],
    });
  });

  it('are disrupted as it is said', () => {
    const { gpus } = specs({
      disruption: {
        consolidation: Consolidation.whenUnderused(Duration.seconds(90)),
        atOnce: 2,
        quiet: { schedule: '0 4 * * 1-5', duration: Duration.hours(12) },
        expireAfter: Duration.days(7),
      },
    });
    assert.deepEqual(at(gpus, 'disruption'), {
      consolidationPolicy: 'WhenEmptyOrUnderutilized',
      consolidateAfter: '90s',
      budgets: [
        { nodes: '2' },
        {
          nodes: '0',
          reasons: ['Drifted', 'Underutilized'],
          schedule: '0 4 * * 1-5',
          duration: '12h',
        },
      ],
    });
    assert.equal(at(gpus, 'template', 'spec', 'expireAfter'), '168h');
    const never = specs({ disruption: { consolidation: Consolidation.never() } });
    assert.equal(at(never, 'gpus', 'disruption', 'consolidateAfter'), 'Never');
    const atOnce = Consolidation.whenEmpty(Duration.seconds(0));
    const soon = specs({ disruption: { consolidation: atOnce } });
    assert.equal(at(soon, 'gpus', 'disruption', 'consolidateAfter'), '0s');
  });

  it('take a CPU pool apart when it is underused, as its pods load nothing large', () => {
    const app = new App();
    cpuPool(awsSite(app));
    const pool = documentOf(app, 'NodePool', 'web');
    assert.equal(at(pool, 'spec', 'disruption', 'consolidationPolicy'), 'WhenEmptyOrUnderutilized');
    assert.equal(at(pool, 'spec', 'template', 'spec', 'taints'), undefined);
  });

  it('are in no namespace, as the whole cluster has them', () => {
    const app = new App();
    gpuPool(awsSite(app), { spot: { floor: 1 } });
    const own = documents(app).filter(({ apiVersion }) => String(apiVersion).includes('karpenter'));
    assert.deepEqual(
      own.map(({ kind, metadata }) => [kind, at(metadata, 'name'), at(metadata, 'namespace')]),
      [
        ['EC2NodeClass', 'gpus', undefined],
        ['NodePool', 'gpus-floor', undefined],
        ['NodePool', 'gpus', undefined],
      ],
    );
    assert.deepEqual(at(own[1], 'metadata', 'labels'), {
      'app.kubernetes.io/part-of': 'bank',
      'app.kubernetes.io/managed-by': 'manara',
      'manara.dev/site': 'dubai',
      'manara.dev/pool': 'gpus',
    });
  });

  it('name the zones of AKS as its nodes bear them', () => {
    const app = new App();
    gpuPool(azureSite(app), {
      provisioner: Provisioner.karpenterAzure(),
      instanceTypes: ['Standard_NC24ads_A100_v4'],
      offerings: machines,
      devices: GpuDevices.operator(),
    });
    const template = at(documentOf(app, 'NodePool', 'gpus'), 'spec', 'template', 'spec');
    assert.deepEqual(at(template, 'nodeClassRef'), {
      group: 'karpenter.azure.com',
      kind: 'AKSNodeClass',
      name: 'gpus',
    });
    assert.deepEqual(
      at(template, 'requirements', 4),
      requirement('topology.kubernetes.io/zone', 'uaenorth-1', 'uaenorth-3'),
    );
  });
});
