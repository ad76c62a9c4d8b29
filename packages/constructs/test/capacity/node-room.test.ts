import assert from 'node:assert/strict';
import { GpuSharing } from '../../src';
import { checkRoom, type PodDemand } from '../../src/capacity/node-room';
import { refuses } from '../support/errors';
import { awsSite, cpuPool, gpuPool, there } from '../support/pools';

const gib = 1024 ** 3;
const small: PodDemand = { cpuMillis: 500, memoryBytes: gib, gpus: 0 };

describe('room on a node', () => {
  it('is enough where any of the types has it', () => {
    const pool = cpuPool(awsSite(), { instanceTypes: ['m7i.large', 'm7i.2xlarge'] });
    checkRoom('x', pool, { ...small, cpuMillis: 7900 });
    refuses(
      () => {
        checkRoom('x', pool, { ...small, cpuMillis: 7950 });
      },
      'MANARA_CAPACITY',
      '[x] nodes: expected a pool with a type that has room for a pod of 7.95 CPU, 1024 MiB; "web" has m7i.large 1.93 CPU, 7134 MiB; m7i.2xlarge 7.93 CPU, 29867 MiB',
    );
  });

  it('is less than the machine’s memory', () => {
    const pool = cpuPool(awsSite(), { instanceTypes: ['m7i.large'] });
    refuses(
      () => {
        checkRoom('x', pool, { ...small, memoryBytes: 8 * gib });
      },
      'MANARA_CAPACITY',
      'a pod of 0.5 CPU, 8192 MiB',
    );
  });

  it('is any where the machine’s memory is not known', () => {
    const offerings = { huge: { zones: [], vcpus: 2, architecture: 'x86_64' } } as const;
    const pool = cpuPool(awsSite(), { ...there, instanceTypes: ['huge'], offerings });
    checkRoom('x', pool, { ...small, memoryBytes: 4096 * gib });
  });

  it('counts shares of GPUs', () => {
    const pool = gpuPool(awsSite(), { sharing: GpuSharing.timeSlicing(4) });
    checkRoom('x', pool, { ...small, gpus: 4 });
    refuses(
      () => {
        checkRoom('x', pool, { ...small, gpus: 5 });
      },
      'MANARA_CAPACITY',
      'a pod of 0.5 CPU, 1024 MiB, 5 GPU; "gpus" has g6.xlarge 3.93 CPU, 14712 MiB, 4 GPU',
    );
  });

  it('is not looked for where any node will do, and GPUs are not looked for on CPU nodes', () => {
    checkRoom('x', undefined, { ...small, cpuMillis: 1e9 });
    refuses(
      () => {
        checkRoom('x', cpuPool(awsSite()), { ...small, gpus: 1 });
      },
      'MANARA_CAPACITY',
      '[x] nodes: expected a GpuNodePool, as the pods use GPUs; received the CpuNodePool "web"',
    );
  });

  it('is what the sources say', () => {
    // 8 GiB less 7.5 %, 255 MiB, 11 MiB for each of 8 pods and 100 MiB.
    assert.equal(Math.floor(8192 * 0.925 - 255 - 88 - 100), 7134);
  });
});
