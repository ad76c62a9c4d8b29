import { type NamedAddress, namedAddresses } from '@manara/contract';
import type { Place } from '@manara/residency';
import { schemeOf } from '../props/uri';
import type { ServerHost, ServerProps } from './server-props';

/** An address that the server reaches from a site. */
export interface Reached extends NamedAddress {
  readonly host: string;
  /** Who answers there; nobody, where no host of the program is it. */
  readonly declared: ServerHost<Place> | undefined;
}

/** Every address that the server reaches from a place: at that place where the host is there too. */
export function reachedFrom(
  place: Place,
  server: ServerProps<Place> | undefined,
): readonly Reached[] {
  if (server === undefined) return [];
  return namedAddresses(server.config).map((named) => {
    const host = hostNamed(named.address);
    const declared = (server.hosts ?? []).filter((one) => isSameHost(one.host, host));
    return {
      ...named,
      host,
      declared: declared.find((one) => one.place === place) ?? declared[0],
    };
  });
}

/** A late value may stand for the host; its marker has characters that end one. */
const authority = /^[a-z]+:\/\/((?:\$\{late:[^}]+\}|[^/?#])*)/;

/** Host of an address, without port; the whole address where its scheme is late too. */
export function hostNamed(address: string): string {
  const [, named = ''] = authority.exec(address) ?? [];
  const host = schemeOf(address) === undefined ? address : named;
  return host.replace(/:\d*$/, '');
}

export function isSameHost(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
