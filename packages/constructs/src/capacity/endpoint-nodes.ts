import { ConstructError } from '../construct-error';
import { Site } from '../site';
import type { NodePool } from './node-pool';

/** What is read of an endpoint. */
interface EndpointNodes {
  readonly path: string;
  readonly sites: readonly Site[];
  /** The site that is kept warm, or why there is none. */
  readonly standby: unknown;
  readonly nodes: readonly NodePool[];
}

/** @throws ConstructError MANARA_CAPACITY for a pool of another site, and for two of one */
export function validateNodes({ path, sites, standby, nodes }: EndpointNodes): void {
  const all = Site.isSite(standby) ? [...sites, standby] : sites;
  const foreign = nodes.find(({ site }) => !all.includes(site));
  const twice = nodes.find(({ site }, i) => nodes.findIndex((other) => other.site === site) < i);
  const wrong = foreign ?? twice;
  if (wrong === undefined) return;
  const names = all.map((site) => `"${site.node.id}"`).join(', ');
  const received = `"${wrong.node.path}"${foreign === undefined ? ', the second of its site' : ''}`;
  throw new ConstructError(
    'MANARA_CAPACITY',
    path,
    `nodes: expected pools of the endpoint's sites (${names}), one of each at most; received ${received}`,
  );
}

/** The pool that the endpoint's pods on a site run on. */
export function nodesOn(site: Site, nodes: readonly NodePool[]): NodePool | undefined {
  return nodes.find((pool) => pool.site === site);
}
