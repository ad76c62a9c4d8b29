import assert from 'node:assert/strict';
import { offeringsAt, offeringSources, uaeOfferings } from '../../src';

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

  it('knows size, GPUs and EFA of a type', () => {
    assert.deepEqual(uaeOfferings['p5en.48xlarge'], {
      zones: ['mec1-az1', 'mec1-az3'],
      vcpus: 192,
      architecture: 'x86_64',
      gpu: { name: 'nvidia-h200', count: 8 },
      efaInterfaces: 16,
    });
    assert.deepEqual(uaeOfferings['m8g.2xlarge'], {
      zones: ['mec1-az1', 'mec1-az2', 'mec1-az3'],
      vcpus: 8,
      architecture: 'arm64',
    });
  });

  it('names every type as AWS does, with whole vCPUs', () => {
    for (const [type, { vcpus, zones, gpu }] of Object.entries(uaeOfferings)) {
      assert.match(
        type,
        /^[a-z]+\d[a-z]*\.(\d+x)?(large|medium)$|^[a-z]+\d[a-z]*\.(xlarge|metal(-\d+xl)?)$/,
      );
      assert(Number.isSafeInteger(vcpus) && vcpus > 0, type);
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
