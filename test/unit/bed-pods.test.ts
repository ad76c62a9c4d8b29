import assert from 'node:assert/strict';
import { PodAddresses } from '../bed/kubelet/addresses';
import { imageName, imageTag } from '../bed/kubelet/pod';

describe('images of the bed', () => {
  for (const [image, name, tag] of [
    ['echo', 'echo', 'latest'],
    ['echo:2', 'echo', '2'],
    ['registry.test:5000/tests/echo', 'echo', 'latest'],
    ['registry.test:5000/tests/echo:2.1', 'echo', '2.1'],
    ['registry.test/echo:2@sha256:0123', 'echo', '2'],
    ['registry.test/echo@sha256:0123', 'echo', 'latest'],
  ] as const) {
    it(`reads ${image}`, () => {
      assert.deepEqual([imageName(image), imageTag(image)], [name, tag]);
    });
  }
});

describe('addresses of the bed', () => {
  it('are all different, and all that there are', () => {
    const addresses = new PodAddresses();
    const count = 256 * 254;
    const given = new Set(Array.from({ length: count }, () => addresses.next()));
    assert.equal(given.size, count);
    assert.ok([...given].every((address) => /^10\.244\.\d+\.\d+$/.test(address)));
    assert.ok(!given.has('10.244.0.0') && !given.has('10.244.255.255'));
    assert.throws(() => addresses.next(), /no more addresses/);
  });
});
