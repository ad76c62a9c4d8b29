import assert from 'node:assert/strict';
import { BlueGreenRollout } from '@manara/constructs';
import { Duration } from 'cdk8s';
import { eventually } from '../../support/eventually';
import { useMesh } from '../use-mesh';
import { JudgedEndpoint } from './judged-endpoint';
import { Rolled } from './rolled';

describe('blue-green of ours on the real controller', function () {
  this.timeout(400_000);
  const mesh = useMesh(this);
  let rolled: Rolled;
  let present: string;

  before(async () => {
    rolled = new Rolled(
      mesh(),
      new JudgedEndpoint('rolled-at-once', mesh().prometheus.url, (endpoint) => {
        new BlueGreenRollout(endpoint, 'rollout', {
          watched: Duration.seconds(20),
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
    assert.deepEqual([...new Set(await traffic.stop())], [200]);
  });

  it('switches by itself, and loses no request', async () => {
    const traffic = rolled.traffic();
    await rolled.deploy({ version: 2 });
    const promoted = await rolled.untilPromoted(present);
    present = promoted;
    await eventually('every answer is of the new version', async () => (await versions()) === '2');
    assert.deepEqual([...new Set(await traffic.stop())], [200]);
  });

  it('switches back by itself where the new pods fail', async () => {
    const traffic = rolled.traffic();
    const status = await rolled.untilAborted({ version: 1, errorRate: 0.3 });
    assert.equal(status.stableRS, present);
    await eventually(
      'every answer is of the version before',
      async () => (await versions()) === '2',
    );
    assert((await traffic.stop()).includes(500));
  });

  async function versions(): Promise<string> {
    const replies = await mesh().gateway.askMany(20, { host: rolled.host });
    const seen = replies.map(({ status, body }) =>
      status === 200 ? String((JSON.parse(body) as { readonly version: number }).version) : status,
    );
    return [...new Set(seen)].join();
  }
});
