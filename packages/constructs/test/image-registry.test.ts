import assert from 'node:assert/strict';
import { ImageRegistry, late } from '../src';
import { refuses } from './support/errors';

const place = 'aws:me-central-1';

describe('ImageRegistry', () => {
  it('refers to an image by tag, and by digest where one is known', () => {
    const registry = new ImageRegistry({ place, prefix: 'registry.bank.example:5000/serving/' });
    assert.equal(
      registry.image('manara-server', '0.1.0'),
      'registry.bank.example:5000/serving/manara-server:0.1.0',
    );
    assert.equal(
      registry.image('manara-server', '0.1.0', 'sha256:ab'),
      'registry.bank.example:5000/serving/manara-server@sha256:ab',
    );
  });

  it('may be late', () => {
    const registry = new ImageRegistry({ place, prefix: `${late('registry-host')}/serving` });
    assert.equal(registry.image('a', '1'), '${late:registry-host}/serving/a:1');
  });

  for (const prefix of [
    'localhost:5000',
    'localhost/serving',
    'registry:5000/serving',
    '10.0.0.5:5000',
    '[fd00::5]:5000/serving',
    'Registry.Bank.example/serving_a/b--c',
  ]) {
    it(`accepts the prefix "${prefix}"`, () => {
      assert.equal(new ImageRegistry({ place, prefix }).image('a', '1'), `${prefix}/a:1`);
    });
  }

  for (const prefix of [
    '',
    '/',
    'https://registry.bank.example',
    'oci://registry.bank.example',
    // Without a host, Docker Hub is meant.
    'library',
    'library/nginx',
    'registry/serving',
    'registry.bank.example/Serving',
    'registry.bank.example//serving',
    'registry.bank.example/serving:1',
    'registry.bank.example:port/serving',
    'registry..example',
    '-registry.example',
    'registry.bank.example/a b',
  ]) {
    it(`refuses the prefix "${prefix}"`, () => {
      refuses(
        () => new ImageRegistry({ place, prefix }),
        'MANARA_URI',
        `received "${prefix}"`,
        'expected a host (with a dot, a port, or localhost) and a path in lower case, without a scheme',
      );
    });
  }
});
