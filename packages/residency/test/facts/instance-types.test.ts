import assert from 'node:assert/strict';
import { gpuFact, gpus, gpuSources, offeringsAt, offeringSources, uaeOfferings } from '../../src';

const gpuFamilies = Object.entries(uaeOfferings).flatMap(([type, { gpu, zones }]) =>
  gpu === undefined ? [] : [[type.split('.')[0], gpu.name, zones.join(' ')].join(': ')],
);

describe('the table of instance types', () => {
  it('has the types of me-central-1, and of no other place', () => {
    assert.equal(Object.keys(uaeOfferings).length, 295);
    assert.equal(offeringsAt('aws:me-central-1'), uaeOfferings);
    assert.equal(offeringsAt('aws:eu-west-1'), undefined);
  });

  it('has these families with GPUs, none of them in all three zones', () => {
    assert.deepEqual(
      [...new Set(gpuFamilies)],
      [
        'g5: nvidia-a10g: mec1-az1 mec1-az2',
        'g6: nvidia-l4: mec1-az1 mec1-az2',
        'g6e: nvidia-l40s: mec1-az1 mec1-az2',
        'p5en: nvidia-h200: mec1-az1 mec1-az3',
      ],
    );
  });

  it('lacks what is gone: t3', () => {
    assert(!Object.keys(uaeOfferings).some((type) => type.startsWith('t3.')));
  });

  it('knows size, memory, GPUs and EFA of a type', () => {
    assert.deepEqual(uaeOfferings['p5en.48xlarge'], {
      zones: ['mec1-az1', 'mec1-az3'],
      vcpus: 192,
      memoryGiB: 2048,
      architecture: 'x86_64',
      gpu: { name: 'nvidia-h200', count: 8 },
      efaInterfaces: 16,
    });
    assert.deepEqual(uaeOfferings['m8g.2xlarge'], {
      zones: ['mec1-az1', 'mec1-az2', 'mec1-az3'],
      vcpus: 8,
      memoryGiB: 32,
      architecture: 'arm64',
    });
  });

  it('names every type as AWS does, with whole vCPUs and memory', () => {
    for (const [type, { vcpus, memoryGiB = 0, zones, gpu }] of Object.entries(uaeOfferings)) {
      assert.match(
        type,
        /^[a-z]+\d[a-z]*\.(\d+x)?(large|medium)$|^[a-z]+\d[a-z]*\.(xlarge|metal(-\d+xl)?)$/,
      );
      assert(Number.isSafeInteger(vcpus) && vcpus > 0, type);
      assert(Number.isInteger(memoryGiB * 4) && memoryGiB >= vcpus, type);
      assert(zones.length > 0 && zones.every((zone) => /^mec1-az[123]$/.test(zone)), type);
      assert(gpu === undefined || (Number.isSafeInteger(gpu.count) && gpu.count > 0), type);
    }
  });

  it('was read at a primary source, on a day', () => {
    assert(offeringSources.length > 0);
    for (const { standing, read } of offeringSources) {
      assert.equal(standing, 'primary');
      assert.match(read, /^\d{4}-\d{2}-\d{2}$/);
    }
  });
});

describe('the table of GPUs', () => {
  it('knows every GPU that the table of instance types names', () => {
    for (const { gpu } of Object.values(uaeOfferings)) {
      if (gpu !== undefined) assert.notEqual(gpuFact(gpu.name), undefined, gpu.name);
    }
    assert.equal(gpuFact('toString'), undefined);
  });

  it('partitions no more memory than there is, and H200 alone of the UAE’s', () => {
    for (const [name, { memoryGB, mig = {} }] of Object.entries(gpus)) {
      for (const [profile, count] of Object.entries(mig)) {
        const [, slices = '', memory = ''] = /^(\d)g\.(\d+)gb$/.exec(profile) ?? [];
        assert(Number(memory) * count <= memoryGB * 1.03, `${name} ${profile}`);
        assert(Number(slices) * count <= 7, `${name} ${profile}`);
      }
    }
    const named = new Set(Object.values(uaeOfferings).flatMap(({ gpu }) => gpu?.name ?? []));
    assert.deepEqual(
      [...named].filter((name) => gpuFact(name)?.mig !== undefined),
      ['nvidia-h200'],
    );
  });

  it('was read somewhere, on a day', () => {
    assert(gpuSources.length > 0);
    for (const { read } of gpuSources) assert.match(read, /^\d{4}-\d{2}-\d{2}$/);
  });
});
