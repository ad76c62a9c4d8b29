import assert from 'node:assert/strict';
import { CanaryRollout, type CanaryRolloutProps } from '@manara/constructs';
import { Duration } from 'cdk8s';
import { eventually } from '../../support/eventually';
import { useMesh } from '../use-mesh';
import { JudgedEndpoint, type place } from './judged-endpoint';
import { Rolled } from './rolled';

/** The shortest steps that a hundred requests a second can tell by. */
const props: CanaryRolloutProps<typeof place> = {
  steps: [
    { weight: 20, duration: Duration.seconds(30) },
    { weight: 50, duration: Duration.seconds(20) },
  ],
};

describe('a canary of ours on the real controller', function () {
  this.timeout(400_000);
  const mesh = useMesh(this);

  describe('with traffic', () => {
    let rolled: Rolled;
    let present: string | undefined;

    before(async () => {
      rolled = new Rolled(
        mesh(),
        new JudgedEndpoint('rolled-canary', mesh().prometheus.url, (endpoint) => {
          new CanaryRollout(endpoint, 'rollout', {
            ...props,
            quality: { largestDropPercent: 40, outcomesPercent: 100 },
          });
        }),
      );
      await rolled.prepare();
    });

    it('takes a Deployment over that answers requests, and loses none', async () => {
      const plain = new Rolled(mesh(), rolled.endpoint.withoutRollout());
      await plain.deploy();
      await eventually('the Deployment answers', async () => {
        const replies = await mesh().gateway.askMany(10, { host: rolled.host });
        return replies.every(({ status }) => status === 200);
      });
      const traffic = rolled.traffic(2);
      await rolled.deploy();
      present = await rolled.untilPromoted(undefined);
      const replicas = async (): Promise<unknown> => {
        const { spec } = await rolled.get<Scaled>('apps/v1', 'Deployment');
        return spec.replicas;
      };
      await eventually('the Deployment has no pods', async () => (await replicas()) === 0);
      await eventually(
        'no pod of the Deployment is left',
        () => {
          const pods = mesh().readyPods('rolled-canary', { 'app.kubernetes.io/name': 'fraud' });
          return pods.every(
            (pod) => pod.metadata.labels?.['rollouts-pod-template-hash'] !== undefined,
          );
        },
        { timeoutMillis: 60_000 },
      );
      assert.deepEqual([...new Set(await traffic.stop())], [200]);
    });

    it('begins as one value changes, is promoted by itself where nothing is worse, and loses no request', async () => {
      const traffic = rolled.traffic();
      await rolled.deploy({ version: 2 });
      const promoted = await rolled.untilPromoted(present);
      assert.notEqual(promoted, present);
      present = promoted;
      assert.deepEqual([...new Set(await traffic.stop())], [200]);
      await eventually('the next canary begins at none', async () => (await rolled.weight()) === 0);
    });

    for (const [what, behaviour] of [
      ['fails', { version: 2, errorRate: 0.3 }],
      ['is late', { version: 2, latencyMillis: 80 }],
      ['is less often right', { version: 1, wrongRate: 0.5 }],
    ] as const) {
      it(`is rolled back by itself where it ${what}`, async () => {
        const traffic = rolled.traffic();
        const status = await rolled.untilAborted(behaviour);
        assert.notEqual(status.currentPodHash, present);
        assert.equal(status.stableRS, present);
        await eventually(
          'no request goes to the new pods',
          async () => (await rolled.weight()) === 0,
        );
        await eventually('all requests are answered', async () => {
          traffic.taken();
          const replies = await mesh().gateway.askMany(50, { host: rolled.host });
          return replies.every((reply) => reply.status === 200);
        });
        await traffic.stop();
      });
    }

    it('goes back to the template before without a canary', async () => {
      await rolled.deploy({ version: 2 });
      assert.equal(await rolled.untilPromoted(undefined), present);
    });
  });

  it('waits for somebody where too few requests come, and is not promoted', async () => {
    const rolled = new Rolled(
      mesh(),
      new JudgedEndpoint('rolled-quiet', mesh().prometheus.url, (endpoint) => {
        new CanaryRollout(endpoint, 'rollout', props);
      }),
    );
    await rolled.prepare();
    await rolled.deploy();
    const present = await rolled.untilPromoted(undefined);
    const traffic = rolled.traffic(1, 500);
    await rolled.deploy({ version: 2 });
    const { status } = await rolled.until(
      'the rollout is paused as nobody can tell',
      ({ pauseConditions = [] }) =>
        pauseConditions.some(({ reason }) => reason === 'InconclusiveAnalysisRun'),
    );
    assert.equal(status?.stableRS, present);
    assert.equal(status.phase, 'Paused');
    assert.equal(await rolled.weight(), 20);
    assert.deepEqual([...new Set(await traffic.stop())], [200]);
  });
});

type Scaled = Awaited<ReturnType<Rolled['rollout']>>;
