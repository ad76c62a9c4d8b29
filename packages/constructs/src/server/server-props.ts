import type { GivenConfig, Told } from '@manara/contract';
import type { DataClass, Place } from '@manara/residency';
import type { Peer } from '../peer';
import { listOf, mapOf, object, optional, peer, portNumber, record, text } from '../props/kinds';

/** A host that the server's configuration names: where it is, and who answers there. */
export interface ServerHost<P extends Place> {
  /** As the configuration writes it, without port; where a whole address is late, that address. */
  readonly host: string;
  /**
   * Where what it is told is kept. A host that answers at several places is listed once for each: a site
   * reaches the one at its own place, otherwise the first.
   */
  readonly place: P;
  /** Its pods or addresses: the NetworkPolicy lets the server out to them. */
  readonly peer: Peer;
  /**
   * Port that its pods listen on, where a Service maps another one to it.
   * @default - the address's: the one it names, otherwise its scheme's
   */
  readonly port?: number;
}

/** What an endpoint's server does besides answering requests, and whom it reaches for that. */
export interface ServerProps<P extends Place> {
  /**
   * Parts of the server's configuration file. Files that they name are keys of Secrets: `secretFile`.
   * The rest of the file is computed.
   */
  readonly config: GivenConfig;
  /**
   * Where each host is that `config` names. One that is missing is refused by the residency check.
   * @default - none
   */
  readonly hosts?: readonly ServerHost<P>[];
  /**
   * Classes of data in what flag providers, events and counters are told of a request; a pseudonym is
   * data about whom it stands for.
   * @default - all of the endpoint's
   */
  readonly attributes?: Readonly<Partial<Record<Exclude<Told, 'content'>, readonly DataClass[]>>>;
  /**
   * Certificates, PEM, of the authorities that sign for hosts inside the zone: a `secretFile`.
   * @default - public authorities only
   */
  readonly trust?: string;
}

export const serverProps = record({
  config: object,
  hosts: optional(listOf(record({ host: text, place: text, peer, port: optional(portNumber) }))),
  attributes: optional(mapOf(listOf(object))),
  trust: optional(text),
});
