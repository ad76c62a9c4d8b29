import assert from 'node:assert/strict';
import { missingFrom } from '../support/subset';

describe('missingFrom', () => {
  it('finds nothing where the stored object only adds fields', () => {
    const wanted = { spec: { replicas: 2, ports: [{ port: 80 }] } };
    const stored = { spec: { replicas: 2, ports: [{ port: 80, protocol: 'TCP' }] }, status: {} };
    assert.deepEqual(missingFrom(stored, wanted), []);
  });

  it('names the path of a field that is missing or different', () => {
    const wanted = { spec: { containers: [{ image: 'a', name: 'server' }], replicas: 2 } };
    const stored = { spec: { containers: [{ image: 'b', name: 'server' }] } };
    assert.deepEqual(missingFrom(stored, wanted), [
      { path: 'spec.containers[0].image', wanted: 'a', stored: 'b' },
      { path: 'spec.replicas', wanted: 2, stored: undefined },
    ]);
  });

  it('finds a list that is longer or shorter', () => {
    assert.deepEqual(missingFrom({ args: ['a'] }, { args: ['a', 'b'] }), [
      { path: 'args', wanted: ['a', 'b'], stored: ['a'] },
    ]);
  });

  it('takes quantities by value', () => {
    assert.deepEqual(
      missingFrom({ memory: '1Gi', cpu: '500m' }, { memory: '1024Mi', cpu: '0.5' }),
      [],
    );
    assert.deepEqual(missingFrom({ cpu: '1' }, { cpu: 1 }), []);
    assert.equal(missingFrom({ memory: '1G' }, { memory: '1Gi' }).length, 1);
  });

  it('takes what is empty as absent, but nothing else', () => {
    const wanted = { ingress: [], annotations: {}, note: null, hostNetwork: false, delay: 0 };
    assert.deepEqual(missingFrom({}, wanted), []);
    assert.equal(missingFrom({ ingress: [{}] }, { ingress: [] }).length, 1);
    assert.equal(missingFrom({ hostNetwork: true }, { hostNetwork: false }).length, 1);
    assert.equal(missingFrom({}, { replicas: 1 }).length, 1);
  });
});
