import assert from 'node:assert/strict';
import type { Pod } from '../bed/kubelet/pod';
import { eventually } from '../support/eventually';
import { echoDeployment } from './echo-documents';
import { useMesh } from './use-mesh';

/** Pods of the mesh live and die as on a node. */
describe('the kubelet of the test bed', function () {
  this.timeout(60_000);
  const mesh = useMesh(this);
  const namespace = 'bed-kubelet';
  const path = `/api/v1/namespaces/${namespace}/pods`;

  before(async () => {
    await mesh().namespace(namespace);
  });

  it('ends a deleted pod: its process first, and then the object', async () => {
    const pod = await ready('deleted');
    const pid = mesh().kubelet.pidOf(pod)!;
    process.kill(pid, 0);
    await mesh().api.request('DELETE', `${path}/${pod.metadata.name}`);
    await eventually('the pod is gone', async () => {
      return (await mesh().api.request('GET', `${path}/${pod.metadata.name}`)).status === 404;
    });
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  });

  it('starts a pod again whose process was killed', async () => {
    const pod = await ready('killed');
    const pid = mesh().kubelet.pidOf(pod)!;
    process.kill(pid, 'SIGKILL');
    await eventually('it is ready, in another process', () => {
      const [now] = mesh().readyPods(namespace, { app: 'killed' });
      return now !== undefined && mesh().kubelet.pidOf(now) !== pid && restartsOf(now) === 1;
    });
  });

  it('simulates a pod whose image it has no program for', async () => {
    const deployment = echoDeployment({ name: 'unknown', version: '1' });
    const text = JSON.stringify(deployment).replace('bed.test/echo:1', 'bed.test/unknown:1');
    await mesh().apply([JSON.parse(text) as typeof deployment], { namespace });
    const pod = await eventually('a pod', () => mesh().readyPods(namespace, { app: 'unknown' })[0]);
    assert.equal(mesh().kubelet.pidOf(pod), undefined);
    assert.match(pod.status!.podIP!, /^10\.244\./);
  });

  async function ready(name: string): Promise<Pod> {
    await mesh().apply([echoDeployment({ name, version: '1' })], { namespace });
    return eventually(`a pod of ${name}`, () => mesh().readyPods(namespace, { app: name })[0]);
  }
});

function restartsOf({ status }: Pod): number | undefined {
  const { containerStatuses } = status as {
    readonly containerStatuses?: readonly { readonly restartCount: number }[];
  };
  return containerStatuses?.[0]?.restartCount;
}
