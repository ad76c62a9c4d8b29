import assert from 'node:assert/strict';
import { dataFlows, Callers, Peer, type SharedLimits } from '../../src';
import { sharedLimit } from '../../src/gateway/shared-limits';
import { refuses } from '../support/errors';
import type { UaePlace } from '../support/fixtures';
import { at, documentOf } from '../support/manifests';
import { type Behind, newBehind, newGateway } from './support';

const sharedLimits: SharedLimits<UaePlace> = {
  uri: 'rediss://redis.bank.example:6380',
  place: 'aws:me-central-1',
  peer: Peer.addresses('10.30.0.0/24'),
  password: 'redis-password',
  image: { name: 'envoyproxy/ratelimit', tag: '3fb70258' },
};

function newShared(behind: Behind, props: Partial<SharedLimits<UaePlace>> = {}) {
  const { fraud: endpoint } = behind;
  return newGateway(behind, {
    access: [
      { endpoint, callers: Callers.withToken(), limit: { requestsPerSecond: 1 } },
      { endpoint, callers: Callers.subjects('batch'), limit: { requestsPerSecond: 50 } },
    ],
    limits: [{ endpoint, requestsPerSecond: 100 }],
    sharedLimits: { ...sharedLimits, ...props },
  });
}

describe('shared limits of a gateway', () => {
  it('are told to the service as a tree, in the pods’ own annotation', () => {
    const behind = newBehind();
    newShared(behind);
    const { annotations } = at(
      documentOf(behind.app, 'Deployment', 'api-limits'),
      'spec',
      'template',
      'metadata',
    ) as {
      annotations: Record<string, string>;
    };
    const minute = (requests_per_unit: number) => ({ unit: 'minute', requests_per_unit });
    assert.deepEqual(JSON.parse(annotations['manara.dev/limits'] ?? ''), {
      domain: 'api',
      descriptors: [
        {
          key: 'endpoint',
          value: 'fraud',
          rate_limit: minute(6000),
          descriptors: [
            {
              key: 'iss',
              value: 'https://login.bank.example',
              descriptors: [
                { key: 'sub', rate_limit: minute(60) },
                { key: 'sub', value: 'batch', rate_limit: minute(3000) },
              ],
            },
          ],
        },
      ],
    });
  });

  it('reach Redis over TLS, with its password, and nothing else', () => {
    const behind = newBehind();
    newShared(behind);
    const pod = at(documentOf(behind.app, 'Deployment', 'api-limits'), 'spec', 'template', 'spec');
    const env = at(pod, 'containers', 0, 'env') as readonly { name: string; value?: string }[];
    const values = Object.fromEntries(env.map(({ name, value }) => [name, value]));
    assert.equal(values.REDIS_URL, 'redis.bank.example:6380');
    assert.equal(values.REDIS_TLS, 'true');
    assert.deepEqual(env.at(-1), {
      name: 'REDIS_AUTH',
      valueFrom: { secretKeyRef: { name: 'redis-password', key: 'password' } },
    });
    const egress = at(documentOf(behind.app, 'NetworkPolicy', 'api-limits'), 'spec', 'egress');
    assert.deepEqual(at(egress, 0), {
      to: [{ ipBlock: { cidr: '10.30.0.0/24' } }],
      ports: [{ port: 6380, protocol: 'TCP' }],
    });
  });

  it('are a flow of who calls to where Redis is', () => {
    const flows = newShared(newBehind())[dataFlows]();
    const flow = flows.find(({ kind }) => kind === 'state');
    assert.equal(flow?.status, 'declared');
    assert.deepEqual(at(flow, 'told'), ['who calls']);
    assert.equal(at(flow, 'to', 'place'), 'aws:me-central-1');
    assert.equal(at(flow, 'encryption'), 'tls');
  });

  it('count over the shortest window that has a whole request', () => {
    assert.deepEqual(sharedLimit({ requestsPerSecond: 2.5 }), {
      unit: 'minute',
      requests_per_unit: 150,
    });
    assert.deepEqual(sharedLimit({ requestsPerSecond: 0.001 }), {
      unit: 'hour',
      requests_per_unit: 4,
    });
    assert.deepEqual(sharedLimit({ requestsPerSecond: 0.0001 }), {
      unit: 'day',
      requests_per_unit: 9,
    });
  });

  it('are refused without a limit, and for an address of another form', () => {
    refuses(
      () => newGateway(newBehind(), { sharedLimits }),
      'MANARA_GATEWAY',
      'sharedLimits: expected a limit',
    );
    for (const uri of ['https://redis.bank.example', 'rediss://user:secret@redis:6379']) {
      refuses(
        () => newShared(newBehind(), { uri }),
        'MANARA_GATEWAY',
        'sharedLimits.uri',
        'rediss://',
      );
    }
  });
});
