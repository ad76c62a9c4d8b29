import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { StoredObject } from '../bed/api-server';
import { eventually } from '../support/eventually';
import { echoRollout, errorAnalysis } from './canary-documents';
import type { EchoAnswer } from './echo-answer';
import {
  echoDeployment,
  echoService,
  plainGateway,
  subsets,
  weightedRoute,
} from './echo-documents';
import type { GatewayReply } from './gateway';
import type { Mesh } from './mesh';
import { useMesh } from './use-mesh';

/** What the suites of the mesh build on, with no construct of ours. */
describe('the mesh of the test bed', function () {
  this.timeout(120_000);
  const mesh = useMesh(this);

  it('splits traffic through a real Envoy as a VirtualService says', async () => {
    const [namespace, host] = ['bed-split', 'split.bed.test'];
    await mesh().namespace(namespace);
    await mesh().apply(
      [
        echoDeployment({ version: '1', labels: { track: 'a' } }),
        echoDeployment({ version: '2', labels: { track: 'b' } }),
        echoService(),
        subsets({ a: { track: 'a' }, b: { track: 'b' } }),
        plainGateway(host),
        weightedRoute(host, { a: 70, b: 30 }),
      ],
      { namespace },
    );
    await untilBothAnswer(mesh(), host);
    const versions = versionsOf(await mesh().gateway.askMany(1000, { host }));
    const share = versions.filter((version) => version === '1').length / versions.length;
    // Five standard deviations of a thousand draws.
    assert.ok(Math.abs(share - 0.7) < 0.073, `70 % became ${share * 100} %`);
  });

  describe('a canary', () => {
    const [namespace, host] = ['bed-canary', 'canary.bed.test'];

    before(async () => {
      await mesh().namespace(namespace);
      await mesh().apply(
        [
          echoDeployment({ version: '1', replicas: 0 }),
          echoService(),
          subsets({ stable: { app: 'echo' }, canary: { app: 'echo' } }),
          plainGateway(host),
          weightedRoute(host, { stable: 100, canary: 0 }),
          errorAnalysis(mesh().prometheus.url, namespace),
          echoRollout,
        ],
        { namespace },
      );
      await untilHealthy('1');
    });

    it('is promoted by itself, as its requests succeed', async () => {
      const traffic = sendUntilStopped();
      await mesh().apply([echoDeployment({ version: '2', replicas: 0 })], { namespace });
      await untilHealthy('2');
      const statuses = await traffic.stop();
      assert.deepEqual([...new Set(statuses)], [200]);
    });

    it('is rolled back by itself, as its requests fail', async () => {
      const traffic = sendUntilStopped();
      const bad = echoDeployment({ version: '3', replicas: 0, faults: { errorRate: 0.5 } });
      await mesh().apply([bad], { namespace });
      await eventually('the rollout is aborted', async () => (await rollout()).status?.abort, {
        timeoutMillis: 60_000,
      });
      await eventually('all requests succeed again', async () => {
        const replies = await mesh().gateway.askMany(50, { host });
        return versionsOf(replies).every((version) => version === '2');
      });
      assert.ok((await traffic.stop()).includes(500));
    });

    async function rollout(): Promise<RolloutObject> {
      return await mesh().api.get(echoRollout, { namespace });
    }

    async function untilHealthy(version: string): Promise<void> {
      const look = async (): Promise<boolean> => {
        const { status, metadata } = await rollout();
        if (status?.phase !== 'Healthy') return false;
        if (status.observedGeneration !== String(metadata.generation)) return false;
        const replies = await mesh().gateway.askMany(10, { host });
        return versionsOf(replies).every((one) => one === version);
      };
      await eventually(`version ${version} has all traffic`, look, { timeoutMillis: 60_000 });
    }

    /** One request after another, as callers do while versions change. */
    function sendUntilStopped(): { readonly stop: () => Promise<readonly number[]> } {
      const statuses: number[] = [];
      const stopping = new AbortController();
      const sending = (async () => {
        while (!stopping.signal.aborted) {
          statuses.push((await mesh().gateway.ask({ host })).status);
          await delay(10);
        }
      })();
      const stop = async (): Promise<readonly number[]> => {
        stopping.abort();
        await sending;
        return statuses;
      };
      return { stop };
    }
  });
});

interface RolloutObject extends StoredObject {
  readonly status?: {
    readonly phase?: string;
    readonly abort?: boolean;
    readonly observedGeneration?: string;
  };
}

async function untilBothAnswer(mesh: Mesh, host: string): Promise<void> {
  await eventually('both versions answer', async () => {
    const versions = versionsOf(await mesh.gateway.askMany(20, { host }));
    return new Set(versions).size === 2;
  });
}

/** Versions that answered. @throws Error for a reply that is no answer of an echo server's */
function versionsOf(replies: readonly GatewayReply[]): readonly string[] {
  return replies.map(({ status, body }) => {
    assert.equal(status, 200, body);
    return (JSON.parse(body) as EchoAnswer).version;
  });
}
