import { headers } from '@manara/contract';
import { ConstructError } from './construct-error';
import { anyNumber, listOf, mapOf, optional, record, shown, text } from './props/kinds';

/** Requests with a header that has this very value are answered by a version. */
export interface HeaderRoute {
  /** In lower case: `x-cohort`. gRPC's metadata likewise. */
  readonly header: string;
  readonly equals: string;
  readonly version: number;
}

/**
 * How versions share the requests whose path names none. A request's own header `x-manara-version` comes
 * first, then `headers`, then `weights`. The mesh decides where the site has one, otherwise the server.
 */
export interface VersionRoutes {
  /**
   * Percent of the requests, by version: `{ 1: 90, 2: 10 }`, 100 together. Each request is drawn by itself;
   * what callers are to stick to are the variants of `server`.
   * @default - all to the default version
   */
  readonly weights?: Readonly<Record<number, number>>;
  /**
   * The first that matches decides.
   * @default - none
   */
  readonly headers?: readonly HeaderRoute[];
}

export const versionRoutes = record({
  weights: optional(mapOf(anyNumber)),
  headers: optional(listOf(record({ header: text, equals: text, version: anyNumber }))),
});

/** Requests that a version gets of those that name none. */
export interface VersionShare {
  readonly version: number;
  readonly percent: number;
}

/** The shares of versions, ascending; those without one left out. */
export function sharesOf(
  { weights }: VersionRoutes,
  defaultVersion: number,
): readonly VersionShare[] {
  if (weights === undefined) return [{ version: defaultVersion, percent: 100 }];
  return Object.entries(weights)
    .map(([version, percent]) => ({ version: Number(version), percent }))
    .filter(({ percent }) => percent > 0)
    .sort((a, b) => a.version - b.version);
}

/**
 * @param at construct path
 * @throws ConstructError MANARA_ROUTES for versions that are not served, weights that are not 100 together, and
 * headers that decide already
 */
export function validateRoutes(
  at: string,
  { weights, headers: rules = [] }: VersionRoutes,
  served: readonly number[],
): void {
  const refuse = (message: string): never => {
    throw new ConstructError('MANARA_ROUTES', at, `routes.${message}`);
  };
  for (const [version, percent] of Object.entries(weights ?? {})) {
    if (!served.includes(Number(version))) {
      refuse(`weights: expected versions ${served.join(', ')}; received "${version}"`);
    }
    // A proxy counts whole hundredths.
    if (!(Number.isInteger(percent) && percent >= 0 && percent <= 100)) {
      refuse(`weights.${version}: expected whole percents from 0 to 100; received ${percent}`);
    }
  }
  const sum = Object.values(weights ?? {}).reduce((total, percent) => total + percent, 0);
  if (weights !== undefined && sum !== 100) {
    refuse(
      `weights: expected 100 together; received ${Object.values(weights).join(' + ') || 'none'} = ${sum}`,
    );
  }
  for (const [i, { header, equals, version }] of rules.entries()) {
    const path = `headers.${i}`;
    if (!/^[a-z0-9-]+$/.test(header) || header === headers.version) {
      refuse(
        `${path}.header: expected a header in lower case, and not ${headers.version}, which names a version itself; received ${shown(header)}`,
      );
    }
    if (!/^[\x21-\x7e]+$/.test(equals)) {
      refuse(`${path}.equals: expected a value of visible characters; received ${shown(equals)}`);
    }
    if (!served.includes(version)) {
      refuse(`${path}.version: expected one of ${served.join(', ')}; received ${version}`);
    }
    const first = rules.findIndex((one) => one.header === header && one.equals === equals);
    if (first < i) refuse(`${path}: expected another header or value than headers.${first}'s`);
  }
}
