import assert from 'node:assert/strict';
import { ShadowRollout } from '@manara/constructs';
import { Duration } from 'cdk8s';
import { eventually } from '../../support/eventually';
import { useMesh } from '../use-mesh';
import { JudgedEndpoint } from './judged-endpoint';
import { Rolled } from './rolled';

describe('a shadow of ours on the real controller', function () {
  this.timeout(400_000);
  const mesh = useMesh(this);
  let rolled: Rolled;
  let present: string;

  before(async () => {
    rolled = new Rolled(
      mesh(),
      new JudgedEndpoint(
        'rolled-shadow',
        mesh().prometheus.url,
        (endpoint) => {
          new ShadowRollout(endpoint, 'rollout', {
            duration: Duration.seconds(20),
          });
        },
        false,
      ),
    );
    await rolled.prepare();
    await rolled.deploy();
    present = await rolled.untilPromoted(undefined);
  });

  it('shows new pods the requests and nobody their answers; bad ones go again', async () => {
    const traffic = rolled.traffic();
    const aborted = rolled.untilAborted({ version: 2, errorRate: 0.3 });
    const copied = async () => (await rolled.routes()).spec.http[0]?.mirror;
    await eventually('requests are copied', copied, { timeoutMillis: 120_000 });
    assert.equal((await aborted).stableRS, present);
    await eventually('nothing is copied', async () => {
      return (await rolled.routes()).spec.http.every(({ mirror }) => mirror === undefined);
    });
    assert.deepEqual([...new Set(await traffic.stop())], [200]);
  });

  it('gives good ones all requests', async () => {
    const traffic = rolled.traffic();
    await rolled.deploy({ version: 2 });
    await rolled.untilPromoted(present);
    assert.deepEqual([...new Set(await traffic.stop())], [200]);
    assert.deepEqual(
      (await rolled.routes()).spec.http.map(({ name }) => name),
      ['primary-grpc', 'primary'],
    );
  });
});
