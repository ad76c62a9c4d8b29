import type { Site } from '@manara/constructs';
import { UsageError } from '../cli-error';
import { type AddressOf, parseAddress } from './address';
import type { DrilledStack } from './plan';

/** Where an endpoint is reached at a site. */
export type Targets = (site: Site, endpoint: string) => string;

/**
 * Reads `--site ID=URL`. `ID/ENDPOINT=URL` is for one endpoint alone, as a port that is forwarded leads to
 * one Service. Where two zones have a site of the same id, `ID` is its path, `bank/dubai`.
 *
 * @throws UsageError naming every fault: a site that no drilled stack has, one that stands twice, one that
 * is missing, an address that is none
 */
export function parseTargets(given: readonly string[], stacks: readonly DrilledStack[]): Targets {
  const keys = keysOf(stacks);
  const addresses = new Map<string, AddressOf>();
  for (const text of given) {
    const [, key = '', address = ''] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
    const flag = `--site ${key}`;
    if (key === '') refuse(`--site: expected ID=URL, received "${text}"`, keys);
    if (!keys.allowed.has(key)) refuse(`--site: "${key}" is not drilled`, keys);
    if (addresses.has(key)) refuse(`${flag}: stands twice`, keys);
    addresses.set(key, parseAddress(flag, address));
  }
  const missing = [...keys.needed]
    .filter(
      ([site, endpoints]) =>
        !addresses.has(site) && !endpoints.every((name) => addresses.has(`${site}/${name}`)),
    )
    .map(([site]) => site);
  if (missing.length > 0) {
    refuse(`--site: expected every site, ${missing.join(', ')} missing`, keys);
  }
  return (site, endpoint) => {
    const name = keys.nameOf(site);
    const address = addresses.get(`${name}/${endpoint}`) ?? addresses.get(name);
    if (address === undefined) throw new Error(`no address of site ${name}`);
    return address(endpoint);
  };
}

interface Keys {
  readonly nameOf: (site: Site) => string;
  /** Endpoints that are asked at each site. */
  readonly needed: ReadonlyMap<string, readonly string[]>;
  readonly allowed: ReadonlySet<string>;
}

function keysOf(stacks: readonly DrilledStack[]): Keys {
  const sites = [...new Set(stacks.flatMap(({ stack }) => stack.allSites))];
  const ids = sites.map(({ node }) => node.id);
  const isTwin = (id: string): boolean => ids.indexOf(id) !== ids.lastIndexOf(id);
  const nameOf = ({ node }: Site): string => (isTwin(node.id) ? node.path : node.id);
  const needed = new Map(
    sites.map((site) => [
      nameOf(site),
      stacks
        .flatMap(({ endpoints }) => endpoints)
        .filter((drilled) => drilled.sites.includes(site))
        .map(({ endpoint }) => endpoint.name),
    ]),
  );
  const single = [...needed].flatMap(([site, names]) => names.map((name) => `${site}/${name}`));
  return { nameOf, needed, allowed: new Set([...needed.keys(), ...single]) };
}

function refuse(fault: string, { needed }: Keys): never {
  const names = [...needed].map(([site, endpoints]) => `${site} (${endpoints.join(', ')})`);
  throw new UsageError(
    `${fault}; allowed are ${names.join(', ')}: --site ID=URL, or --site ID/ENDPOINT=URL for one endpoint`,
  );
}
