import * as constructs from '@manara/constructs';
import type { Place } from '@manara/residency';
import { ComponentResource, type ComponentResourceOptions } from '@pulumi/pulumi';
import { DeployError } from '../deploy-error';
import { checkDoorArgs, residencyZone } from './door-args';
import { PartRegistration } from './part-registration';
import { components } from './turn';

const type = 'manara:index:Site';

/** The site in the tree that a component is; anything else as it stands, for the construct to judge. */
export function constructOf<P extends Place>(site: Site<P>): constructs.Site<P>;
export function constructOf<T, P extends Place>(site: Site<P> | T): constructs.Site<P> | T;
export function constructOf(site: unknown): unknown {
  return ComponentResource.isInstance(site) && 'construct' in site ? site.construct : site;
}

/** The same for a list of sites. */
export function constructsOf<P extends Place>(
  sites: readonly [Site<P>, ...Site<P>[]],
): readonly [constructs.Site<P>, ...constructs.Site<P>[]];
export function constructsOf(sites: unknown): unknown {
  return Array.isArray(sites) ? sites.map(constructOf) : sites;
}

export interface SiteArgs<P extends Place> extends constructs.SiteProps<P> {
  /** Zone that the site belongs to. */
  readonly zone: constructs.ResidencyZone<P>;
}

/**
 * A place where a cluster, or a single node, runs. Its `provider` is the cluster's, and that of
 * everything that is put into the site.
 */
export class Site<const P extends Place = Place> extends ComponentResource {
  /** The same site in the tree. */
  readonly construct: constructs.Site<P>;

  /**
   * @throws ConstructError for a prop that cannot be used; DeployError MANARA_ARGS for what has no zone,
   * MANARA_RESIDENCY for what violates it. Nothing is registered then
   */
  constructor(
    name: string,
    args: { readonly zone: constructs.ResidencyZone<P> } & SiteArgs<NoInfer<P>>,
    opts: ComponentResourceOptions = {},
  ) {
    checkDoorArgs(type, name, args, { zone: residencyZone });
    const { zone, ...props } = args;
    const construct = new constructs.Site<P>(zone, name, props);
    const registration = PartRegistration.of(zone, construct, [
      { site: construct, root: construct },
    ]);
    refuseSecondWithoutProvider(zone, name, opts);
    super(type, name, {}, opts);
    constructs.noteTree(zone);
    this.construct = construct;
    components.set(construct, this);
    registration.register(this);
    this.registerOutputs();
  }
}

/** Two sites in the one cluster of the current kubeconfig would overwrite each other. */
function refuseSecondWithoutProvider(
  zone: constructs.ResidencyZone,
  name: string,
  { provider, providers, parent }: ComponentResourceOptions,
): void {
  const isFirst = zone.node.children.filter((c) => constructs.Site.isSite(c)).length === 1;
  if (isFirst || provider !== undefined || providers !== undefined || parent !== undefined) return;
  zone.node.tryRemoveChild(name);
  throw new DeployError(
    'MANARA_PROVIDER',
    `${type} "${name}": provider: expected the Provider of the site's cluster, as zone "${zone.name}" has another site; received none`,
  );
}
