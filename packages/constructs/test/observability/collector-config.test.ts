import assert from 'node:assert/strict';
import { leavingFields } from '@manara/contract';
import { LogSink, Peer } from '../../src';
import { collectorConfig, pushedSinks } from '../../src/observability/collector/collector-config';
import { newSite, newZone } from '../support/fixtures';
import { refuses } from '../support/errors';
import { at } from '../support/manifests';
import { metricSink, pushedLogs, traceSink } from './support';

const site = newSite(newZone(), 'dubai', {
  metrics: metricSink,
  traces: traceSink,
  logs: pushedLogs,
});

describe('collectorConfig', () => {
  const config = collectorConfig(pushedSinks(site), 1_000_000);

  it('lets only fields of the telemetry schema through, and takes memory into account first', () => {
    assert.equal(at(config, 'processors', 'redaction', 'allow_all_keys'), false);
    assert.deepEqual(at(config, 'processors', 'redaction', 'allowed_keys'), leavingFields);
    for (const signal of ['traces', 'logs']) {
      assert.deepEqual(at(config, 'service', 'pipelines', signal, 'processors'), [
        'memory_limiter',
        'redaction',
        'transform/restrict',
      ]);
    }
  });

  it('sends where the sinks are, what waits being shared out', () => {
    assert.equal(
      at(config, 'exporters', 'otlp_http/traces', 'endpoint'),
      'https://tempo.bank.example:4318',
    );
    assert.equal(
      at(config, 'exporters', 'otlp_http/logs', 'logs_endpoint'),
      'https://logs.bank.example/otlp/v1/logs',
    );
    assert.equal(at(config, 'exporters', 'otlp_http/logs', 'sending_queue', 'queue_size'), 250_000);
  });

  it('has no pipeline for a sink that nothing is pushed to', () => {
    assert.deepEqual(Object.keys(at(config, 'service', 'pipelines') as object), ['traces', 'logs']);
  });
});

describe('LogSink.pushedTo', () => {
  it('is refused for an address that nothing can be pushed to', () => {
    refuses(
      () =>
        new LogSink({
          place: 'aws:me-central-1',
          uri: 's3://logs',
          pushedTo: Peer.addresses('10.32.0.0/24'),
        }),
      'MANARA_URI',
      '"s3://logs"',
    );
  });
});
