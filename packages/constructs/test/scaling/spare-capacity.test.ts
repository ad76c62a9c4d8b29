import assert from 'node:assert/strict';
import { ApiObject, Duration, JsonPatch } from 'cdk8s';
import { ServingEngine, SpareCapacity } from '../../src';
import { refuses } from '../support/errors';
import { newSite, untyped } from '../support/fixtures';
import { at, documentOf, documents } from '../support/manifests';
import { treeOf } from './support';

describe('SpareCapacity', () => {
  it('keeps room for the replicas of one surge, each sized like one, below every other pod', () => {
    const { app, site, endpoint } = treeOf();
    const spare = new SpareCapacity(site.zone, 'spare', { site, like: endpoint });
    const plan = endpoint.workloads[0]?.plan;
    assert(plan !== undefined);
    assert.equal(spare.replicas, plan.peakReplicas - Math.ceil(plan.peakReplicas / 2.5));
    const { spec } = documentOf(app, 'Deployment', 'spare', 'dubai');
    const server = documentOf(app, 'Deployment', 'fraud', 'dubai').spec;
    assert.equal(at(spec, 'replicas'), spare.replicas);
    const pod = at(spec, 'template', 'spec');
    const container = ['containers', 0] as const;
    assert.deepEqual(
      at(pod, ...container, 'resources'),
      at(server, 'template', 'spec', ...container, 'resources'),
    );
    assert.equal(
      at(pod, ...container, 'image'),
      at(server, 'template', 'spec', ...container, 'image'),
    );
    assert.equal(at(pod, 'priorityClassName'), 'bank-spare');
    assert.equal(at(pod, 'terminationGracePeriodSeconds'), 0);
    const priority = documentOf(app, 'PriorityClass', 'bank-spare', 'dubai');
    assert.equal(priority.value, -10);
    assert.equal(priority.preemptionPolicy, 'Never');
    assert.equal(at(priority, 'metadata', 'namespace'), undefined);
  });

  it('shares one PriorityClass with others of the site', () => {
    const { app, site, endpoint } = treeOf();
    new SpareCapacity(site.zone, 'spare', { site, like: endpoint, replicas: 2 });
    new SpareCapacity(site.zone, 'more', { site, like: endpoint, replicas: 1 });
    const classes = documents(app).filter(({ kind }) => kind === 'PriorityClass');
    assert.equal(classes.length, 1);
  });

  it('goes where the replicas go, though that is said after it', () => {
    const { app, site, endpoint } = treeOf();
    new SpareCapacity(site.zone, 'spare', { site, like: endpoint });
    const [workload] = endpoint.workloads;
    const nodeSelector = { 'manara.dev/pool': 'gpu' };
    workload?.controller.addJsonPatch(
      JsonPatch.add('/spec/template/spec/nodeSelector', nodeSelector),
    );
    const { spec } = documentOf(app, 'Deployment', 'spare', 'dubai');
    assert.deepEqual(at(spec, 'template', 'spec', 'nodeSelector'), nodeSelector);
  });

  it('refuses an endpoint of another site, and a number out of range', () => {
    const { site, endpoint } = treeOf();
    const north = newSite(site.zone, 'north', { place: 'azure:uaenorth' });
    refuses(
      () => new SpareCapacity(site.zone, 'spare', { site: north, like: endpoint }),
      'MANARA_SCALING',
      '[bank/spare] like: expected an endpoint of site "north"; received "bank/fraud"',
    );
    refuses(
      () => new SpareCapacity(site.zone, 'spare', { site, like: endpoint, replicas: 0 }),
      'MANARA_SCALING',
      '[bank/spare] replicas: expected a whole number above 0; received 0',
    );
    refuses(
      () => new SpareCapacity(site.zone, 'spare', { site, like: untyped('fraud') }),
      'MANARA_PROP',
      '[bank/spare] like: expected a ModelEndpoint; received "fraud"',
    );
    new ApiObject(site, 'taken', { apiVersion: 'v1', kind: 'ConfigMap' });
    refuses(
      () => new SpareCapacity(site.zone, 'taken', { site, like: endpoint }),
      'MANARA_NAME',
      '[bank/taken] id: "taken" is taken in site "dubai"',
    );
  });
});

describe('image pull', () => {
  const engine = (imagePull: Duration) =>
    ServingEngine.onnx({
      serviceTimeMicros: 20_000,
      coldStart: { imagePull, load: Duration.seconds(40) },
    });

  it('is ahead of the pods where it is most of a cold start', () => {
    const { app, endpoint } = treeOf({ engine: engine(Duration.minutes(3)) });
    const daemon = documentOf(app, 'DaemonSet', 'fraud-image', 'dubai');
    const pod = at(daemon.spec, 'template', 'spec');
    assert.equal(at(pod, 'containers', 0, 'image'), endpoint.workloads[0]?.idle.image);
    assert.deepEqual(at(pod, 'containers', 0, 'resources', 'requests'), {
      cpu: '10m',
      memory: '96Mi',
    });
    const selector = at(daemon.spec, 'selector', 'matchLabels');
    // The Service must not lead callers to it.
    assert.equal(at(selector, 'app.kubernetes.io/component'), 'image-pull');
    assert.match(
      endpoint.workloads[0]?.plan.why.join('\n') ?? '',
      /nodes pull it ahead of the pods/,
    );
  });

  it('is left to the pods where it is not', () => {
    const { app } = treeOf({ engine: engine(Duration.seconds(30)) });
    assert(!documents(app).some(({ kind }) => kind === 'DaemonSet'));
  });
});
