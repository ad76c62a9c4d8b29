import assert from 'node:assert/strict';
import { azureOfferings } from '../../src';
import { offerings, sku } from '../support/skus';

describe('azureOfferings', () => {
  it('has what the subscription can have at the place, with the zones that it can have it in', () => {
    assert.deepEqual(azureOfferings(offerings, 'azure:uaenorth'), {
      Standard_D8s_v5: { zones: ['1', '2', '3'], vcpus: 8, architecture: 'x86_64' },
      Standard_NC24ads_A100_v4: {
        zones: ['1', '3'],
        vcpus: 24,
        architecture: 'x86_64',
        gpu: { name: 'nvidia-a100-80gb', count: 1 },
      },
    });
  });

  it('knows memory, and machines of ARM', () => {
    const { capabilities, ...rest } = sku('Standard_D4ps_v6', { vCPUs: 4, MemoryGB: 16 });
    const arm = { name: 'CpuArchitectureType', value: 'Arm64' };
    const here = [{ ...rest, capabilities: [...capabilities, arm] }];
    assert.deepEqual(azureOfferings(here, 'azure:uaenorth'), {
      Standard_D4ps_v6: { zones: ['1', '2', '3'], vcpus: 4, memoryGiB: 16, architecture: 'arm64' },
    });
  });

  it('leaves out a size whose GPU is not known, or is a part of one', () => {
    const skus = [
      sku('Standard_NX8_v9', { vCPUs: 8, GPUs: 1 }),
      sku('Standard_NV6ads_A10_v5', { vCPUs: 6, GPUs: 0.16 }),
      sku('Standard_NV36ads_A10_v5', { vCPUs: 36, GPUs: 1 }),
    ];
    assert.deepEqual(Object.keys(azureOfferings(skus, 'azure:uaenorth')), [
      'Standard_NV36ads_A10_v5',
    ]);
  });
});
