import type { Place } from '@manara/residency';
import { hasLate } from '../../late/late';
import type { Peer } from '../../peer';
import { portOf } from '../../props/uri';
import type { LogSink, MetricSink, TraceSink } from '../../sinks';
import { unlessAbsent } from '../../absent';
import type { Site } from '../../site';
import { collectorFiles, collectorPorts } from './collector-image';
import { redaction, restriction } from './redaction';

export type CollectedSignal = 'traces' | 'logs' | 'metrics';

/** A sink that the collector pushes to. */
export interface PushedSink {
  readonly signal: CollectedSignal;
  readonly sink: TraceSink<Place> | LogSink<Place> | MetricSink<Place>;
  readonly peer: Peer;
  readonly port: number;
}

/** The sinks of a site that take what is pushed. */
export function pushedSinks({ traces, logs, metrics }: Site): readonly PushedSink[] {
  const trace = unlessAbsent(traces);
  const pushed = (signal: CollectedSignal, sink: LogSink<Place> | MetricSink<Place> | undefined) =>
    sink?.pushedTo === undefined
      ? []
      : [{ signal, sink, peer: sink.pushedTo, port: portOf(sink.uri) }];
  return [
    ...(trace === undefined
      ? []
      : [{ signal: 'traces' as const, sink: trace, peer: trace.peer, port: trace.port }]),
    ...pushed('logs', unlessAbsent(logs)),
    ...pushed('metrics', unlessAbsent(metrics)),
  ];
}

const queueStorage = 'file_storage/queue';

/**
 * The collector's configuration: what comes in is refused where memory runs out, cut down to the telemetry
 * schema, and lies on disk before its sender is answered.
 *
 * @param queueBytes of the volume
 */
export function collectorConfig(sinks: readonly PushedSink[], queueBytes: number): object {
  return {
    extensions: {
      health_check: { endpoint: `0.0.0.0:${collectorPorts.health}` },
      [queueStorage]: {
        directory: collectorFiles.queue,
        fsync: true,
        compaction: { on_start: true, directory: collectorFiles.queue },
      },
    },
    receivers: {
      otlp: {
        protocols: {
          grpc: { endpoint: `0.0.0.0:${collectorPorts.otlpGrpc}`, tls: tls() },
          http: { endpoint: `0.0.0.0:${collectorPorts.otlpHttp}`, tls: tls() },
        },
      },
    },
    processors: {
      memory_limiter: { check_interval: '1s', limit_percentage: 75, spike_limit_percentage: 20 },
      redaction,
      'transform/restrict': restriction,
    },
    exporters: Object.fromEntries(
      sinks.map((sink) => [exporterOf(sink), exporter(sink, queueBytes / sinks.length)]),
    ),
    service: {
      extensions: ['health_check', queueStorage],
      telemetry: {
        logs: { level: 'info', encoding: 'json' },
        metrics: {
          level: 'normal',
          readers: [{ pull: { exporter: { prometheus: ownMetrics } } }],
        },
      },
      pipelines: Object.fromEntries(
        sinks.map((sink) => [
          sink.signal,
          {
            receivers: ['otlp'],
            processors: [
              'memory_limiter',
              'redaction',
              ...(sink.signal === 'metrics' ? [] : ['transform/restrict']),
            ],
            exporters: [exporterOf(sink)],
          },
        ]),
      ),
    },
  };
}

/** Counters by their bare names, whatever the release's own choice is. */
const ownMetrics = {
  host: '0.0.0.0',
  port: collectorPorts.metrics,
  without_type_suffix: true,
  without_units: true,
};

/** An object of its own each time: YAML would write the second as a reference to the first. */
function tls(): object {
  return {
    cert_file: `${collectorFiles.certificates}/tls.crt`,
    key_file: `${collectorFiles.certificates}/tls.key`,
    min_version: '1.2',
    reload_interval: '1h',
  };
}

function exporterOf({ signal }: PushedSink): string {
  return `otlp_http/${signal}`;
}

/** Half of its share of the volume: what is freed is given back to it only as the file is compacted. */
const shareOfVolume = 0.5;

function exporter({ signal, sink: { uri } }: PushedSink, volumeBytes: number): object {
  return {
    ...address(signal, uri),
    sending_queue: {
      enabled: true,
      storage: queueStorage,
      sizer: 'bytes',
      queue_size: Math.floor(volumeBytes * shareOfVolume),
      // Behind the queue, so that nothing waits in memory only.
      batch: { sizer: 'items', flush_timeout: '5s', min_size: 512, max_size: 2048 },
    },
    // A sink that is away is asked again until it is back, or the queue is full.
    retry_on_failure: { enabled: true, max_interval: '1m', max_elapsed_time: '0s' },
  };
}

/** As servers read it: the signal's path is added where the address has none. */
function address(signal: CollectedSignal, uri: string): object {
  if (hasLate(uri) || new URL(uri).pathname === '/') return { endpoint: uri.replace(/\/$/, '') };
  return { [`${signal}_endpoint`]: uri };
}
