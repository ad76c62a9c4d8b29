import assert from 'node:assert/strict';
import { App, Duration } from 'cdk8s';
import {
  Autoscaling,
  type ModelEndpoint,
  ModelVersion,
  ServingEngine,
  type Site,
  SpareCapacity,
} from '../../../src';
import { metricSink } from '../../observability/support';
import { refuses } from '../../support/errors';
import { newArtifact, newEndpoint, newSite, newZone, type UaePlace } from '../../support/fixtures';
import { at, documentOf } from '../../support/manifests';
import { gpuPool, there } from '../../support/pools';

const artifact = newArtifact({
  key: 'assistant/1',
  format: 'safetensors',
  sizeBytes: 140_000_000_000,
});

interface Placed {
  readonly app: App;
  readonly endpoint: ModelEndpoint<UaePlace>;
  readonly site: Site<UaePlace>;
  /** Of the pods that answer, and of those that only compute. */
  readonly templates: readonly unknown[];
}

describe('vLLM over several nodes, by what acts on all its pods', () => {
  const placedGroups = (): Placed => {
    const app = new App();
    const site = newSite(newZone(app), 'dubai', { metrics: metricSink });
    const nodes = gpuPool(site, there);
    const endpoint = newEndpoint(
      site,
      {
        versions: [new ModelVersion(1, artifact)],
        engine: ServingEngine.vllm({ gpus: { count: 8 }, nodes: 2, replicaRequestsPerSecond: 8 }),
        nodes: [nodes],
        autoscaling: Autoscaling.hpa({ priorityClass: 'critical-serving' }),
        objective: { p99Latency: Duration.seconds(20), availabilityPercent: 99 },
      },
      'assistant',
    );
    const set = at(
      documentOf(app, 'LeaderWorkerSet', 'assistant-group'),
      'spec',
      'leaderWorkerTemplate',
    );
    return {
      app,
      endpoint,
      site,
      templates: [at(set, 'leaderTemplate'), at(set, 'workerTemplate')],
    };
  };

  it('puts each of them on the nodes of the pool, with its priority', () => {
    const { app, templates } = placedGroups();
    for (const template of templates) {
      const pod = at(template, 'spec');
      assert.deepEqual(at(pod, 'nodeSelector'), { 'manara.dev/pool': 'gpus' });
      assert.equal(at(pod, 'priorityClassName'), 'critical-serving');
      assert.equal(at(pod, 'containers', 0, 'resources', 'limits', 'nvidia.com/gpu'), 8);
    }
    const scaler = documentOf(app, 'HorizontalPodAutoscaler', 'assistant');
    assert.deepEqual(at(scaler, 'spec', 'scaleTargetRef'), {
      apiVersion: 'leaderworkerset.x-k8s.io/v1',
      kind: 'LeaderWorkerSet',
      name: 'assistant-group',
    });
  });

  it('has no spare capacity made like one of them', () => {
    const { endpoint, site } = placedGroups();
    refuses(
      () => new SpareCapacity(endpoint.zone, 'spare', { site, like: endpoint }),
      'MANARA_SCALING',
      'of a LeaderWorkerSet',
    );
  });
});
