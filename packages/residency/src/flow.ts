import type { DataClass, DataClassId } from './data-class';
import type { Place } from './place';

/** The movements of data that every endpoint must account for. */
export const flowKinds = [
  'artifact',
  'image',
  'log',
  'metric',
  'trace',
  'backup',
  'standby',
] as const;

/**
 * Kinds that only some constructs have: `storage` is data that rests where it is written, `dns` a name
 * and the addresses behind it, `egress` a way out of a network that no other flow explains. Of a server:
 * `flag` is what a provider of flags is asked and told, `key` the fetching of an issuer's keys, `event`
 * what is sent of jobs and variants, `state` what servers keep for one another.
 */
export type FlowKind =
  (typeof flowKinds)[number] | 'storage' | 'dns' | 'egress' | 'flag' | 'key' | 'event' | 'state';

/**
 * What is known of how data is protected on its way.
 * - `tls`: the address that is declared is one of a protocol over TLS. Whoever sends there has to keep to it.
 * - `local`: it never leaves the machine or the cluster's own disks.
 * - `unconnected`: the ends exchange nothing; the way between them stays closed.
 * - `unknown`: it is up to something that this program does not describe.
 * - `none`: it is not protected.
 */
export const encryptions = ['tls', 'local', 'unconnected', 'unknown', 'none'] as const;

export type Encryption = (typeof encryptions)[number];

/** One end of a flow. */
export interface FlowEnd {
  /** The construct's path, or the sink's name. */
  readonly name: string;
  readonly place: Place;
  /** Address, where there is one; a late value's marker where it is known only after deployment. */
  readonly uri?: string;
  /** Address ranges in CIDR notation that it is reached at, where a network policy opens them. */
  readonly addresses?: readonly string[];
}

interface FlowBase {
  readonly kind: FlowKind;
  /** Construct path of the endpoint (or other construct) that the flow belongs to. */
  readonly owner: string;
  /** Most sensitive classes that it may carry; logs and backups carry all that the endpoint handles. */
  readonly dataClasses: readonly DataClass[];
}

/** A movement of data from one place to another. */
export interface DeclaredFlow extends FlowBase {
  readonly status: 'declared';
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  readonly encryption: Encryption;
  /**
   * What of requests the other end is told, in words; none where it is told nothing.
   * @default - as `dataClasses` say, and no closer
   */
  readonly told?: readonly string[];
}

/** A flow that its owner says does not exist, and why; evidence for the auditor. */
export interface AbsentFlow extends FlowBase {
  readonly status: 'absent';
  readonly at: Place;
  readonly reason: string;
}

/** A flow that exists, or may exist, and that nobody declared. */
export interface UndeclaredFlow extends FlowBase {
  readonly status: 'undeclared';
  /** Left out for what lies in no site, so that its place is not known. */
  readonly at?: Place;
  /** What gave it away: the prop left out, or the field of a manifest. */
  readonly evidence: string;
  /** What to write to declare it. */
  readonly fix: string;
}

/** One movement of data: source, sink, class, place, encryption. */
export type DataFlow = DeclaredFlow | AbsentFlow | UndeclaredFlow;

/** Both ends of a declared flow; nothing of another, which has none. */
export function flowEnds(flow: DataFlow): readonly FlowEnd[] {
  return flow.status === 'declared' ? [flow.from, flow.to] : [];
}

/** Whether a flow may carry data of any of these classes. */
export function carries(flow: DataFlow, ...classes: readonly DataClassId[]): boolean {
  return flow.dataClasses.some((dataClass) => classes.includes(dataClass.id));
}

/** Every address in a declared flow, URIs and address ranges alike. */
export function addressesOf(flow: DataFlow): readonly string[] {
  return flowEnds(flow).flatMap(({ uri, addresses = [] }) =>
    uri === undefined ? addresses : [uri, ...addresses],
  );
}

/** The flow with each of its addresses replaced. */
export function mapAddresses(flow: DataFlow, replace: (address: string) => string): DataFlow {
  if (flow.status !== 'declared') return flow;
  const mapped = (end: FlowEnd): FlowEnd => ({
    ...end,
    ...(end.uri === undefined ? {} : { uri: replace(end.uri) }),
    ...(end.addresses === undefined ? {} : { addresses: end.addresses.map(replace) }),
  });
  return { ...flow, from: mapped(flow.from), to: mapped(flow.to) };
}
