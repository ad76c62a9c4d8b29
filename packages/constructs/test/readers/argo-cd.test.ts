import assert from 'node:assert/strict';
import type { IApplication } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1';
import { App } from 'cdk8s';
import { argoCdSettings, BlueGreenRollout, CanaryRollout } from '../../src';
import { rolledEndpoint } from '../rollouts/support';

type Ignored = NonNullable<IApplication['spec']['ignoreDifferences']>;

function settings(Rollout: typeof CanaryRollout | typeof BlueGreenRollout) {
  const endpoint = rolledEndpoint();
  new Rollout(endpoint, 'rollout');
  const [of] = argoCdSettings(App.of(endpoint)).values();
  assert(of !== undefined);
  return of;
}

describe('argoCdSettings', () => {
  it('leaves a canary’s weights, hashes and replicas to their controllers', () => {
    const { ignoreDifferences, syncOptions } = settings(CanaryRollout);
    const typed: Ignored = [...ignoreDifferences];
    assert.deepEqual(
      typed.map(({ group, kind, name, namespace, jsonPointers }) =>
        [group, kind, namespace, name, ...(jsonPointers ?? [])].join(' '),
      ),
      [
        'apps Deployment bank fraud /spec/replicas',
        'networking.istio.io DestinationRule bank fraud-subsets /spec/subsets',
        'networking.istio.io VirtualService bank fraud-weights /spec/http',
        'argoproj.io Rollout bank fraud /spec/replicas',
      ],
    );
    assert.deepEqual(syncOptions, ['RespectIgnoreDifferences=true', 'ServerSideApply=true']);
  });

  it('leaves it the selectors of blue-green’s Services, which are in no group', () => {
    const services = settings(BlueGreenRollout).ignoreDifferences.filter(
      (d) => d.kind === 'Service',
    );
    assert.deepEqual(services, [
      { kind: 'Service', name: 'fraud', namespace: 'bank', jsonPointers: ['/spec/selector'] },
      {
        kind: 'Service',
        name: 'fraud-preview',
        namespace: 'bank',
        jsonPointers: ['/spec/selector'],
      },
    ]);
  });
});
