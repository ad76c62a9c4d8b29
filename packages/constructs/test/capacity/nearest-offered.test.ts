import assert from 'node:assert/strict';
import { uaeOfferings } from '@manara/residency';
import { nearestOffered } from '../../src/capacity/nearest-offered';

const gpuTypes = Object.fromEntries(Object.entries(uaeOfferings).filter(([, o]) => o.gpu));

describe('nearestOffered', () => {
  for (const [type, expected] of [
    ['g6.3xlarge', ['g6.4xlarge', 'g6.2xlarge']],
    ['g6e.large', ['g6e.xlarge', 'g6e.2xlarge']],
    ['p4d.24xlarge', ['p5en.48xlarge']],
    ['G6.XLARGE', ['g6.xlarge', 'g6.2xlarge']],
    ['inf2.xlarge', []],
    ['', []],
  ] as const) {
    it(`of "${type}" is ${expected.join(' and ') || 'none'}`, () => {
      assert.deepEqual(nearestOffered(type, gpuTypes), expected);
    });
  }

  it('goes by the numbers in names of Azure’s sizes, too', () => {
    const offering = { zones: [], vcpus: 1, architecture: 'x86_64' } as const;
    const sizes = {
      Standard_D4s_v5: offering,
      Standard_D16s_v5: offering,
      Standard_E8_v5: offering,
    };
    assert.deepEqual(nearestOffered('Standard_D12s_v5', sizes), [
      'Standard_D16s_v5',
      'Standard_D4s_v5',
    ]);
  });
});
