import assert from 'node:assert/strict';
import { Callers, type EndpointLimit } from '../../src';
import { bucketOf } from '../../src/gateway/rate-limits';
import { refuses } from '../support/errors';
import { at, documentOf } from '../support/manifests';
import { newEndpoint, type UaePlace } from '../support/fixtures';
import { type Behind, gatewayProps, newBehind, newGateway } from './support';

const limit = { requestsPerSecond: 5 };

function localLimitOf({ app }: Behind): unknown {
  const patches = at(documentOf(app, 'EnvoyFilter', 'api'), 'spec', 'configPatches');
  return (patches as { patch: { value: { name?: string } } }[])
    .map(({ patch }) => patch.value)
    .find(({ name }) => name === 'envoy.filters.http.local_ratelimit');
}

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
    const fraud = { key: 'endpoint', value: 'fraud' };
    const issuer = 'https://login.bank.example';
    assert.deepEqual(at(localLimitOf(behind), 'typed_config', 'descriptors'), [
      {
        entries: [fraud, { key: 'iss', value: issuer }, { key: 'sub' }],
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

  it('count endpoints, too, where limits say so', () => {
    const behind = newBehind();
    newGateway(behind, { limits: [{ endpoint: behind.fraud, requestsPerSecond: 10 }] });
    assert.deepEqual(at(localLimitOf(behind), 'typed_config', 'descriptors'), [
      {
        entries: [{ key: 'endpoint', value: 'fraud' }],
        token_bucket: { max_tokens: 10, tokens_per_fill: 10, fill_interval: '1s' },
      },
    ]);
    // At the endpoint's own host, and at the gateway's by path.
    assert.equal((at(localLimitOf(behind), 'typed_config', 'rate_limits') as unknown[]).length, 2);
  });

  it('are refused for endpoints that are not behind it, and twice', () => {
    const behind = newBehind();
    const { fraud: endpoint } = behind;
    const other = newEndpoint(behind.site, {}, 'other');
    const refused = (limits: readonly EndpointLimit<UaePlace>[], text: string) => {
      refuses(() => newGateway(behind, { limits }), 'MANARA_GATEWAY', 'limits.', text);
    };
    refused([{ endpoint: other, requestsPerSecond: 1 }], '"other"');
    refused([{ endpoint, requestsPerSecond: 0 }], 'received 0');
    refused(
      [
        { endpoint, requestsPerSecond: 1 },
        { endpoint, requestsPerSecond: 2 },
      ],
      '"fraud" twice',
    );
  });
});
