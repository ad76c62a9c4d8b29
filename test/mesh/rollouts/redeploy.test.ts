import assert from 'node:assert/strict';
import { CanaryRollout } from '@manara/constructs';
import { Duration } from 'cdk8s';
import { ApiError, type StoredObject } from '../../bed/api-server';
import { nameOf, type KubernetesDocument } from '../../support/documents';
import { eventually } from '../../support/eventually';
import { useMesh } from '../use-mesh';
import { JudgedEndpoint } from './judged-endpoint';
import { Rolled } from './rolled';

const namespace = 'rolled-again';
const pods = { 'app.kubernetes.io/name': 'fraud' };

/** A canary that stays at its first step, as nobody asks the endpoint anything that would end it. */
describe('a deploy in the middle of a canary', function () {
  this.timeout(400_000);
  const mesh = useMesh(this);
  let rolled: Rolled;

  before(async () => {
    rolled = new Rolled(
      mesh(),
      new JudgedEndpoint(namespace, mesh().prometheus.url, (endpoint) => {
        new CanaryRollout(endpoint, 'rollout', {
          steps: [{ weight: 25, duration: Duration.hours(1) }],
        });
      }),
    );
    await rolled.prepare();
    // The same work, however many pods share it.
    const work = workOf(rolled.endpoint.documents());
    mesh().metrics.setCpuMillis(namespace, pods, () => work / Math.max(1, ready()));
    await rolled.deploy();
    await rolled.untilPromoted(undefined);
    // Of the Rollout: a canary's pods do work, too, and count once they are there.
    const grown = async () => (await rolled.rollout()).spec.replicas === 3 && ready() === 3;
    await eventually('as many pods as there is work for', grown, { timeoutMillis: 120_000 });
    await rolled.deploy({ version: 2 });
    await eventually('a canary of 25 %', async () => (await rolled.weight()) === 25, {
      timeoutMillis: 120_000,
    });
  });

  it('changes neither weights nor replicas nor hashes, with the same YAML', async () => {
    const before = await state();
    await rolled.deploy({ version: 2 });
    await stays(before);
  });

  it('changes none of them with YAML that has another annotation', async () => {
    const before = await state();
    await rolled.deploy({ version: 2 }, (document) => ({
      ...document,
      metadata: { ...document.metadata, annotations: { 'bank.example/commit': 'abc' } },
    }));
    await stays(before);
    const { metadata } = await rolled.get<StoredObject>('apps/v1', 'Deployment');
    assert.equal((metadata as WithAnnotations).annotations?.['bank.example/commit'], 'abc');
  });

  it('is refused what the controller wrote, and by its name, where all is applied alike', async () => {
    const before = await state();
    const refused: string[] = [];
    for (const document of rolled.endpoint.documents({ version: 2 })) {
      const conflict = await conflictOf(document);
      if (conflict === undefined) continue;
      assert.match(conflict, /conflict with "rollouts-controller"/);
      refused.push(nameOf(document));
    }
    assert.deepEqual(refused, [
      `DestinationRule ${namespace}/fraud-subsets`,
      `VirtualService ${namespace}/fraud-weights`,
    ]);
    await stays(before);
  });

  it('leaves the autoscaler and the controller at peace', async () => {
    const seen = new Set<number | undefined>();
    const until = Date.now() + 30_000;
    while (Date.now() < until) {
      seen.add((await rolled.rollout()).spec.replicas);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    assert.deepEqual([...seen], [3]);
    // As many as before, and one for a quarter of them.
    assert.equal(ready(), 4);
  });

  async function conflictOf(document: KubernetesDocument): Promise<string | undefined> {
    try {
      await mesh().api.applyStrict(document);
      return undefined;
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) return error.message;
      throw error;
    }
  }

  /** What a canary consists of. */
  async function state(): Promise<unknown> {
    const rule = await rolled.get<WithSpec>(
      'networking.istio.io/v1',
      'DestinationRule',
      'fraud-subsets',
    );
    const deployment = await rolled.get<WithSpec>('apps/v1', 'Deployment');
    const { spec, status } = await rolled.rollout();
    return {
      http: (await rolled.routes()).spec.http,
      subsets: rule.spec.subsets,
      deployment: deployment.spec.replicas,
      rollout: spec.replicas,
      hash: status?.currentPodHash,
      stable: status?.stableRS,
      pods: ready(),
    };
  }

  /** Looks at it for some seconds: a controller takes a moment to follow. */
  async function stays(before: unknown): Promise<void> {
    for (let i = 0; i < 10; i++) {
      assert.deepEqual(await state(), before);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  function ready(): number {
    return mesh().readyPods(namespace, pods).length;
  }
});

/** Thousandths of a core that all pods use together, where three of them have enough to do. */
function workOf(documents: readonly KubernetesDocument[]): number {
  const specOf = (kind: string) => documents.find((document) => document.kind === kind)?.spec;
  const { metrics } = specOf('HorizontalPodAutoscaler') as {
    readonly metrics: readonly { readonly resource: { readonly target: Utilization } }[];
  };
  const { template } = specOf('Deployment') as {
    readonly template: {
      readonly spec: {
        readonly containers: readonly { readonly resources: { readonly requests: Requests } }[];
      };
    };
  };
  const millis = parseInt(template.spec.containers[0]!.resources.requests.cpu, 10);
  return 0.95 * 3 * millis * (metrics[0]!.resource.target.averageUtilization / 100);
}

interface Utilization {
  readonly averageUtilization: number;
}

interface Requests {
  /** In thousandths of a core: `150m`. */
  readonly cpu: string;
}

interface WithAnnotations {
  readonly annotations?: Readonly<Record<string, string>>;
}

interface WithSpec extends StoredObject {
  readonly spec: { readonly replicas?: number; readonly subsets?: unknown };
}
