import assert from 'node:assert/strict';
import { Callers } from '../../src';
import { bucketOf } from '../../src/gateway/rate-limits';
import { refuses } from '../support/errors';
import { at, documentOf } from '../support/manifests';
import { gatewayProps, newBehind, newGateway } from './support';

const limit = { requestsPerSecond: 5 };

describe('limits of a gateway', () => {
  it('fill as fast as they say, in whole tokens', () => {
    for (const rate of [0.001, 0.1, 0.5, 1, 2.5, 3, 7.3, 1000]) {
      const { tokens_per_fill, fill_interval, max_tokens } = bucketOf({ requestsPerSecond: rate });
      const filled = tokens_per_fill / Number(fill_interval.slice(0, -1));
      assert(Math.abs(filled / rate - 1) < 1e-4, `${rate}: ${filled}`);
      assert(Number.isSafeInteger(tokens_per_fill) && Number.isSafeInteger(max_tokens));
      assert(max_tokens >= 1);
    }
    assert.equal(bucketOf({ requestsPerSecond: 5, burst: 20 }).max_tokens, 20);
  });

  it('count named callers and all others by what their tokens say', () => {
    const behind = newBehind();
    const { fraud: endpoint } = behind;
    newGateway(behind, {
      access: [
        { endpoint, callers: Callers.withToken(), limit },
        { endpoint, callers: Callers.subjects('batch'), limit: { requestsPerSecond: 100 } },
      ],
    });
    const patches = at(documentOf(behind.app, 'EnvoyFilter', 'api'), 'spec', 'configPatches');
    const filter = (patches as { patch: { value: { name?: string } } }[])
      .map(({ patch }) => patch.value)
      .find(({ name }) => name === 'envoy.filters.http.local_ratelimit');
    const fraud = { key: 'endpoint', value: 'fraud' };
    const issuer = 'https://login.bank.example';
    assert.deepEqual(at(filter, 'typed_config', 'descriptors'), [
      {
        entries: [fraud, { key: 'iss' }, { key: 'sub' }],
        token_bucket: { max_tokens: 5, tokens_per_fill: 5, fill_interval: '1s' },
      },
      {
        entries: [fraud, { key: 'iss', value: issuer }, { key: 'sub', value: 'batch' }],
        token_bucket: { max_tokens: 100, tokens_per_fill: 100, fill_interval: '1s' },
      },
    ]);
  });

  it('are refused out of range, and where two contradict each other', () => {
    const behind = newBehind();
    const { fraud: endpoint } = behind;
    const callers = Callers.withToken();
    const given = (...limits: readonly object[]) =>
      gatewayProps(behind, {
        access: limits.map((one) => ({ endpoint, callers, limit: one })) as never,
      });
    const refused = (props: ReturnType<typeof given>, ...texts: readonly string[]) => {
      refuses(() => newGateway(behind, props), 'MANARA_GATEWAY', '[bank/dubai/api]', ...texts);
    };
    refused(given({ requestsPerSecond: 0 }), 'access.0.limit.requestsPerSecond', 'received 0');
    refused(given({ requestsPerSecond: 1, burst: 0.5 }), 'access.0.limit.burst', '0.5');
    refused(given(limit, limit), 'one limit of "fraud" for callers who are not named');
  });
});
