import assert from 'node:assert/strict';
import { ControlPlane, controlPlaneBinaries } from '../bed/control-plane';
import { podOf, restrictedNamespace, serviceAccount } from './pods';

/** The suites trust the API server to refuse what is wrong; here it does. */
describe('the API server of the test bed', function () {
  this.timeout(60_000);
  let plane: ControlPlane;

  before(async function () {
    this.timeout(0);
    const binaries = controlPlaneBinaries();
    if (binaries === undefined) return this.skip();
    plane = await ControlPlane.start(binaries);
  });

  after(async () => {
    await (plane as ControlPlane | undefined)?.stop();
  });

  it('refuses a misspelt field', async () => {
    const misspelt = { ...deployment, spec: { ...deployment.spec, replicaz: 3 } };
    await assert.rejects(plane.api.createStrict(misspelt), {
      name: 'ApiError',
      status: 400,
      message: /unknown field "spec\.replicaz"/,
    });
    await assert.rejects(plane.api.applyStrict(misspelt), {
      message: /\.spec\.replicaz: field not declared/,
    });
  });

  it('refuses a kind that it does not know', async () => {
    const rollout = { ...deployment, apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' };
    await assert.rejects(plane.api.createStrict(rollout), {
      message: 'the API server has no kind "Rollout" in argoproj.io/v1alpha1',
    });
  });

  it('warns of a workload, and refuses a pod, that Pod Security "restricted" forbids', async () => {
    const namespace = 'restricted';
    await plane.api.createStrict(restrictedNamespace(namespace));
    await plane.api.createStrict(serviceAccount('default', namespace));
    const { warnings } = await plane.api.createStrict(deployment, { namespace });
    assert.match(
      warnings.join('\n'),
      /would violate PodSecurity "restricted:latest".*runAsNonRoot/,
    );
    await assert.rejects(plane.api.createStrict(podOf(deployment, namespace)!, { dryRun: true }), {
      status: 403,
      message: /violates PodSecurity "restricted:latest".*runAsNonRoot/,
    });
  });

  it('stores nothing on a dry run', async () => {
    await plane.api.createStrict(serviceAccount('ghost', 'default'), { dryRun: true });
    await assert.rejects(plane.api.get(serviceAccount('ghost', 'default')), { status: 404 });
  });
});

const labels = { app: 'echo' };
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'echo' },
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { containers: [{ name: 'echo', image: 'example.test/echo:1' }] },
    },
  },
} as const;
