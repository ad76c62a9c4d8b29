import assert from 'node:assert/strict';
import { BackupVault, late, LogSink, MetricSink, Peer, TraceSink } from '../src';
import { refuses } from './support/errors';

const place = 'aws:me-central-1';
const peer = Peer.namespace('monitoring');

describe('sinks', () => {
  it('keep what they are given', () => {
    const sink = new LogSink({ place, uri: 'https://logs.bank.example' });
    assert.deepEqual(
      [sink.kind, sink.place, sink.uri],
      ['log', place, 'https://logs.bank.example'],
    );
  });

  for (const uri of [
    'https://x',
    'http://x',
    's3://x',
    'grpcs://x',
    'file:///x',
    'pvc://x',
    late('x'),
  ]) {
    it(`accept the address ${uri}`, () => {
      assert.equal(new BackupVault({ place, uri }).uri, uri);
    });
  }

  it('refuse an address without a scheme', () => {
    refuses(() => new LogSink({ place, uri: 'logs:514' }), 'MANARA_URI', '[LogSink]', '"logs:514"');
    refuses(
      () => new MetricSink({ place, uri: 'prometheus', scrapedBy: peer }),
      'MANARA_URI',
      '[MetricSink]',
    );
    refuses(() => new BackupVault({ place, uri: 'vault' }), 'MANARA_URI', '[BackupVault]');
  });

  it('refuse a bare region that got past the types', () => {
    assert.throws(
      () => new LogSink({ place: 'me-central-1' as 'aws:me-central-1', uri: 'https://x' }),
      { name: 'ResidencyError', code: 'bare-region' },
    );
  });
});

describe('TraceSink', () => {
  for (const [uri, port] of [
    ['https://collector.bank.example', 443],
    ['http://collector.monitoring.svc:4318', 4318],
    [late('collector-address'), 4318],
  ] as const) {
    it(`at ${uri} listens on ${port}`, () => {
      assert.equal(new TraceSink({ place, uri, peer }).port, port);
    });
  }

  it('takes the port of the pods behind a Service', () => {
    const sink = new TraceSink({ place, uri: 'https://collector.bank.example', peer, port: 4318 });
    assert.equal(sink.port, 4318);
  });

  it('speaks OTLP over HTTP only', () => {
    refuses(
      () => new TraceSink({ place, uri: 's3://spans', peer }),
      'MANARA_URI',
      'https://, http://',
    );
  });
});
