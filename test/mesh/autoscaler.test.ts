import type { KubernetesDocument } from '../support/documents';
import { eventually } from '../support/eventually';
import { echoDeployment } from './echo-documents';
import { useMesh } from './use-mesh';

/** The real HPA of the bed's controllers decides by what a test says that pods use. */
describe('an autoscaler on the mesh', function () {
  this.timeout(120_000);
  const mesh = useMesh(this);
  const namespace = 'bed-autoscaler';

  before(async () => {
    await mesh().namespace(namespace);
  });

  it('follows the CPU that pods use, up and down', async () => {
    await scaled('busy', { type: 'Resource', resource: { name: 'cpu', target: utilization } });
    mesh().metrics.setCpuMillis(namespace, { app: 'busy' }, 90);
    await untilReplicas('busy', 2);
    mesh().metrics.setCpuMillis(namespace, { app: 'busy' }, 10);
    await untilReplicas('busy', 1);
  });

  it('follows a metric of the pods', async () => {
    const metric = { name: 'in_flight' };
    const target = { type: 'AverageValue', averageValue: '4' };
    mesh().metrics.setPodMetric('in_flight', namespace, { app: 'crowded' }, 8);
    await scaled('crowded', { type: 'Pods', pods: { metric, target } });
    await untilReplicas('crowded', 3);
  });

  it('follows a metric from outside of the cluster', async () => {
    const metric = { name: 'queue_length' };
    const target = { type: 'AverageValue', averageValue: '10' };
    mesh().metrics.setExternalMetric('queue_length', namespace, 25);
    await scaled('queued', { type: 'External', external: { metric, target } });
    await untilReplicas('queued', 3);
  });

  /** Pods that each ask for a tenth of a core, one to three of them. */
  async function scaled(name: string, metric: object): Promise<void> {
    const deployment = withCpuRequest(echoDeployment({ name, version: '1' }));
    await mesh().apply([deployment, autoscaler(name, metric)], { namespace });
  }

  async function untilReplicas(name: string, replicas: number): Promise<void> {
    await eventually(
      `${replicas} ready pods of ${name}`,
      () => mesh().readyPods(namespace, { app: name }).length === replicas,
      { timeoutMillis: 60_000 },
    );
  }
});

const utilization = { type: 'Utilization', averageUtilization: 50 };

function autoscaler(name: string, metric: object): KubernetesDocument {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: 1,
      maxReplicas: 3,
      metrics: [metric],
      behavior: { scaleDown: { stabilizationWindowSeconds: 0 } },
    },
  };
}

/** Without the field of replicas, which is the autoscaler's. */
function withCpuRequest(deployment: KubernetesDocument): KubernetesDocument {
  const { template, selector } = deployment.spec as {
    readonly selector: object;
    readonly template: { readonly spec: { readonly containers: readonly object[] } };
  };
  const containers = template.spec.containers.map((container) => ({
    ...container,
    resources: { requests: { cpu: '100m' } },
  }));
  const spec = { selector, template: { ...template, spec: { ...template.spec, containers } } };
  return { ...deployment, spec };
}
