import { parsePlace, type Place } from '@manara/residency';
import { peer, portNumber } from './props/kinds';
import type { Peer } from './peer';
import { checkProps, optional, text } from './props/props';
import { portOf, schemeOf, validateUri } from './props/uri';

/** Where telemetry or copies go. */
export interface SinkProps<P extends Place> {
  /** Where the sink stores what it receives. */
  readonly place: P;
  /** Its address, with a scheme; `file:///var/log/pods` for what stays on the node. May be late. */
  readonly uri: string;
}

/** OTLP over HTTP. */
const otlpPort = 4318;

const sinkKinds = { place: text, uri: text };

const sinkSchemes = ['https:', 'http:', 's3:', 'grpcs:', 'file:', 'pvc:'];

abstract class Sink<P extends Place> {
  readonly place: P;
  readonly uri: string;

  constructor(at: string, props: SinkProps<P>) {
    parsePlace(props.place);
    validateUri(at, props.uri, sinkSchemes);
    this.place = props.place;
    this.uri = props.uri;
  }
}

/** Where the cluster's agent sends what containers write to their standard output. */
export class LogSink<const P extends Place> extends Sink<P> {
  readonly kind = 'log';

  constructor(props: SinkProps<P>) {
    checkProps('LogSink', props, sinkKinds);
    super('LogSink', props);
  }
}

export interface MetricSinkProps<P extends Place> extends SinkProps<P> {
  /** Pods that scrape the servers' metrics port: the NetworkPolicy lets them in. */
  readonly scrapedBy: Peer;
}

/** Where the metrics that are scraped from the servers are stored. */
export class MetricSink<const P extends Place> extends Sink<P> {
  readonly kind = 'metric';
  readonly scrapedBy: Peer;

  constructor(props: MetricSinkProps<P>) {
    checkProps('MetricSink', props, { ...sinkKinds, scrapedBy: peer });
    super('MetricSink', props);
    this.scrapedBy = props.scrapedBy;
  }
}

export interface TraceSinkProps<P extends Place> extends SinkProps<P> {
  /** The collector's pods or addresses: the NetworkPolicy lets spans out to them. */
  readonly peer: Peer;
  /**
   * Port that the collector's pods listen on, where a Service maps another one to it.
   * @default - the address's: the one it names, otherwise its scheme's; 4318 for a late address
   */
  readonly port?: number;
}

/** OTLP/HTTP collector that the servers send spans to. */
export class TraceSink<const P extends Place> extends Sink<P> {
  readonly kind = 'trace';
  readonly peer: Peer;
  readonly port: number;

  constructor(props: TraceSinkProps<P>) {
    checkProps('TraceSink', props, { ...sinkKinds, peer, port: optional(portNumber) });
    super('TraceSink', props);
    validateUri('TraceSink', props.uri, ['https:', 'http:']);
    this.peer = props.peer;
    this.port = props.port ?? (schemeOf(props.uri) === undefined ? otlpPort : portOf(props.uri));
  }
}

/** Where copies of what a site keeps (artifacts, configuration, logs) are stored. */
export class BackupVault<const P extends Place> extends Sink<P> {
  readonly kind = 'backup';

  constructor(props: SinkProps<P>) {
    checkProps('BackupVault', props, sinkKinds);
    super('BackupVault', props);
  }
}
