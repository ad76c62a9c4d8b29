import assert from 'node:assert/strict';
import { chartObjects } from '@manara/constructs';
import { App, Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { registrationOrder } from '../src/registration-order';

function order(app: App): readonly string[] {
  return registrationOrder(chartObjects(app)).map(
    ({ object, dependsOn }) => `${object.node.id}: ${dependsOn.map((o) => o.node.id).join(' ')}`,
  );
}

describe('registrationOrder', () => {
  it('puts a namespace before what lives in it, and asks nothing of what lives elsewhere', () => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    new k8s.KubeConfigMap(chart, 'inside', { metadata: { namespace: 'bank' } });
    new k8s.KubeConfigMap(chart, 'outside', { metadata: { namespace: 'other' } });
    new k8s.KubeNamespace(chart, 'namespace', { metadata: { name: 'bank' } });
    assert.deepEqual(order(app), ['namespace: ', 'inside: namespace', 'outside: ']);
  });

  it('makes every object of a construct wait for every object of the one it depends on', () => {
    const app = new App();
    const [first, second] = [new Chart(app, 'first'), new Chart(app, 'second')];
    new k8s.KubeConfigMap(first, 'a', {});
    new k8s.KubeConfigMap(second, 'b', {});
    new k8s.KubeConfigMap(second, 'c', {});
    first.addDependency(second);
    assert.deepEqual(order(app), ['b: ', 'c: ', 'a: b c']);
  });

  it('refuses a namespace that waits for what lives in it', () => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    const map = new k8s.KubeConfigMap(chart, 'map', { metadata: { namespace: 'bank' } });
    new k8s.KubeNamespace(chart, 'ns', { metadata: { name: 'bank' } }).addDependency(map);
    assert.throws(() => order(app), {
      name: 'DeployError',
      message: 'objects wait for each other: chart/map → chart/ns → chart/map (MANARA_DOCUMENT)',
    });
  });
});
