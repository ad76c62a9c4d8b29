import assert from 'node:assert/strict';
import { GpuDevices, GpuSharing, Provisioner } from '../../../src';
import { refuses } from '../../support/errors';
import { untyped } from '../../support/fixtures';
import { awsSite, azureSite, gpuPool, machines, there } from '../../support/pools';

const image = { name: 'nvidia/k8s-device-plugin', tag: 'v0.20.0' };
const onAzure = {
  provisioner: Provisioner.karpenterAzure(),
  instanceTypes: ['Standard_NC24ads_A100_v4'],
  offerings: machines,
} as const;

describe('GPUs of a pool', () => {
  it('are offered by the nodes themselves, and shared by nobody, unless it is said', () => {
    assert.deepEqual(gpuPool(awsSite()).gpus, {
      name: 'nvidia-l4',
      devices: { kind: 'present' },
      sharing: { kind: 'none' },
      shares: 1,
    });
  });

  it('count as many as pods can share them', () => {
    const of = (sharing: GpuSharing) => gpuPool(awsSite(), { ...there, sharing }).gpus?.shares;
    assert.equal(of(GpuSharing.none()), 1);
    assert.equal(of(GpuSharing.timeSlicing(5)), 5);
    assert.equal(of(GpuSharing.mig('1g.10gb')), 7);
    assert.equal(of(GpuSharing.mig('3g.40gb')), 2);
  });

  it('are told to NVIDIA’s operator by labels of the nodes', () => {
    const labels = (sharing: GpuSharing) =>
      gpuPool(awsSite(), { ...there, devices: GpuDevices.operator(), sharing }).labels;
    const own = { 'manara.dev/pool': 'gpus', 'manara.dev/accelerator': 'nvidia-h100-80gb' };
    assert.deepEqual(labels(GpuSharing.none()), own);
    assert.deepEqual(labels(GpuSharing.mig('1g.10gb')), {
      ...own,
      'nvidia.com/mig.config': 'all-1g.10gb',
    });
    assert.deepEqual(labels(GpuSharing.timeSlicing(4)), {
      ...own,
      'nvidia.com/device-plugin.config': 'time-slicing-4',
    });
  });

  for (const [title, make, ...texts] of [
    [
      'a device plugin beside that of Bottlerocket',
      () => gpuPool(awsSite(), { devices: GpuDevices.plugin(image) }),
      'devices: expected GpuDevices.present(), as Bottlerocket has the driver and the device plugin in it; received GpuDevices.plugin(image)',
    ],
    [
      'claims where Karpenter passes them over',
      () => gpuPool(awsSite(), { devices: GpuDevices.claims() }),
      'received GpuDevices.claims()',
    ],
    [
      'nobody to offer the GPUs of AKS’s images',
      () => gpuPool(azureSite(), onAzure),
      'devices: expected GpuDevices.plugin(image) or GpuDevices.operator()',
      'received nothing',
    ],
    [
      'MIG on a GPU that cannot be partitioned',
      () => gpuPool(awsSite(), { sharing: GpuSharing.mig('1g.18gb') }),
      'sharing: expected no MIG on nvidia-l4, which is not known to be partitioned; GPUs that can: nvidia-a30,',
    ],
    [
      'a profile of another GPU',
      () => gpuPool(awsSite(), { ...there, sharing: GpuSharing.mig('1g.18gb') }),
      'sharing: expected a profile of nvidia-h100-80gb: 1g.10gb, 1g.20gb, 2g.20gb, 3g.40gb, 7g.80gb; received "1g.18gb"',
    ],
    [
      'a profile that no GPU has',
      () => GpuSharing.mig('8g.1tb'),
      '[GpuSharing.mig] profile: expected one of 1g.10gb,',
      'received "8g.1tb"',
    ],
    [
      'one pod that takes turns with itself',
      () => GpuSharing.timeSlicing(1),
      '[GpuSharing.timeSlicing] replicas: expected whole pods to a GPU from 2 to 48; received 1',
    ],
    [
      'claims of a GPU that pods take turns on',
      () =>
        gpuPool(awsSite(), {
          ...there,
          devices: GpuDevices.claims(),
          sharing: GpuSharing.timeSlicing(2),
        }),
      'sharing: expected GpuSharing.none() or .mig(…) where pods claim devices',
    ],
    [
      'MIG that the device plugin would have to make',
      () =>
        gpuPool(azureSite(), {
          ...onAzure,
          devices: GpuDevices.plugin(image),
          sharing: GpuSharing.mig('1g.10gb'),
        }),
      'sharing: expected devices: GpuDevices.operator() beside mig(…), as the device plugin partitions nothing',
    ],
    [
      'an image that is none',
      () => GpuDevices.plugin({ ...image, name: 'NVIDIA' }),
      '[GpuDevices.plugin] image.name: expected a name in the registry, such as nvidia/k8s-device-plugin; received "NVIDIA"',
    ],
    [
      'a digest that is none',
      () => GpuDevices.plugin({ ...image, digest: 'latest' }),
      '[GpuDevices.plugin] image.digest: expected sha256: and 64 lower-case hexadecimal digits; received "latest"',
    ],
  ] as const) {
    it(`refuses ${title}`, () => {
      refuses(make, 'MANARA_CAPACITY', ...texts);
    });
  }

  it('refuses an image of another kind', () => {
    refuses(() => GpuDevices.plugin(untyped('nvidia')), 'MANARA_PROP', 'image: expected an object');
  });
});
