import type { Boundary } from '../boundary';
import { type Placement, placeless, untold } from '../placement';
import type { Resource } from '../resource';
import { aws } from './aws';
import { azure } from './azure';
import type { CloudReader } from './cloud';
import { gcp } from './gcp';
import { kubernetes } from './kubernetes';
import { oci } from './oci';

const readers: readonly CloudReader[] = [aws, azure, gcp, kubernetes, oci];

/** Packages whose resources are values in the stack's state, and nothing in a cloud. */
const stateOnly: readonly string[] = ['pulumi', 'random', 'time', 'tls'];

export function readerOf(resource: Resource): CloudReader | undefined {
  return readers.find((reader) => reader.package === resource.package);
}

/** Where a resource is; untold for a cloud that is not known here: the world is closed. */
export function placementOf(resource: Resource, boundary: Boundary): Placement {
  const { package: pkg, token, provider } = resource;
  const exempt = [pkg, token].some((what) => boundary.exempt.has(what));
  if (exempt || provider === undefined || stateOnly.includes(pkg)) return placeless;
  const reader = readerOf(resource);
  if (reader !== undefined) return reader.placementOf(resource, boundary);
  return untold(
    `nothing is known here of the package "${pkg}" (known: ${readers.map((r) => r.package).join(', ')})`,
    `add exempt: { '${pkg}': '<why it holds no data of the zone>' } to the policy pack, or use a package that is known`,
  );
}
