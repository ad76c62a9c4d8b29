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
const otlpSchemes = ['https:', 'http:'];

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

/** A sink that others read from, or send to by means of their own. */
export interface PushedSinkProps<P extends Place> extends SinkProps<P> {
  /**
   * Who takes what a site's collector pushes to the address over OTLP/HTTP: the network lets it out to them.
   * @default - nothing is pushed there
   */
  readonly pushedTo?: Peer;
}

/** Where the cluster's agent sends what containers write to their standard output. */
export class LogSink<const P extends Place> extends Sink<P> {
  readonly kind = 'log';
  readonly pushedTo: Peer | undefined;

  constructor(props: PushedSinkProps<P>) {
    checkProps('LogSink', props, { ...sinkKinds, pushedTo: optional(peer) });
    super('LogSink', props);
    this.pushedTo = pushedTo('LogSink', props);
  }
}

export interface MetricSinkProps<P extends Place> extends PushedSinkProps<P> {
  /** Pods that scrape the servers' metrics port: the NetworkPolicy lets them in. */
  readonly scrapedBy: Peer;
}

/** Where the metrics that are scraped from the servers are stored. */
export class MetricSink<const P extends Place> extends Sink<P> {
  readonly kind = 'metric';
  readonly scrapedBy: Peer;
  readonly pushedTo: Peer | undefined;

  constructor(props: MetricSinkProps<P>) {
    checkProps('MetricSink', props, {
      ...sinkKinds,
      scrapedBy: peer,
      pushedTo: optional(peer),
    });
    super('MetricSink', props);
    this.scrapedBy = props.scrapedBy;
    this.pushedTo = pushedTo('MetricSink', props);
  }
}

/** @throws ConstructError MANARA_URI for an address that nothing can be pushed to */
function pushedTo(at: string, { uri, pushedTo }: PushedSinkProps<Place>): Peer | undefined {
  if (pushedTo !== undefined) validateUri(at, uri, otlpSchemes);
  return pushedTo;
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
    validateUri('TraceSink', props.uri, otlpSchemes);
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
