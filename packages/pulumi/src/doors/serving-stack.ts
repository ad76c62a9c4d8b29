import * as constructs from '@manara/constructs';
import type { Place } from '@manara/residency';
import { ComponentResource, type ComponentResourceOptions } from '@pulumi/pulumi';
import { checkDoorArgs, residencyZone } from './door-args';
import { toLate, type WithInputs } from './inputs';
import { PartRegistration } from './part-registration';
import { constructOf, constructsOf, type Site } from './site';

const type = 'manara:index:ServingStack';

export interface ServingStackArgs<P extends Place> extends Omit<
  constructs.ServingStackProps<P>,
  'sites' | 'standby' | 'images'
> {
  /** Zone that the sites belong to. */
  readonly zone: constructs.ResidencyZone<P>;
  /** Sites that carry traffic; the first is where images are published. */
  readonly sites: readonly [Site<P>, ...Site<P>[]];
  /** Site that is kept warm to take over, or `none('why')`, as where several sites are active. */
  readonly standby: Site<P> | constructs.Absent;
  /** How images get from the first site's registry to the others', or `none('why nothing copies them')`. */
  readonly images: WithInputs<constructs.ImageCopies> | constructs.Absent;
}

/**
 * Sites that answer for each other. What it runs to copy images is its child, with the provider of the
 * first site.
 */
export class ServingStack<const P extends Place = Place> extends ComponentResource {
  /** The same stack in the tree. */
  readonly construct: constructs.ServingStack<P>;

  /**
   * @throws ConstructError for a prop that cannot be used; DeployError MANARA_ARGS for what has no zone,
   * MANARA_RESIDENCY for what violates it. Nothing is registered then
   */
  constructor(
    name: string,
    args: { readonly zone: constructs.ResidencyZone<P> } & ServingStackArgs<NoInfer<P>>,
    opts: ComponentResourceOptions = {},
  ) {
    checkDoorArgs(type, name, args, { zone: residencyZone });
    const { zone, sites, standby, images, ...props } = args;
    const construct = new constructs.ServingStack<P>(zone, name, {
      ...props,
      sites: constructsOf(sites),
      standby: constructOf(standby),
      images: constructs.Absent.isAbsent(images)
        ? images
        : toLate<constructs.ImageCopies>('ServingStack.images', images),
    });
    const { imageSite } = construct;
    const parts =
      imageSite === undefined ? [] : [{ site: imageSite, root: imageSite.node.findChild(name) }];
    const registration = PartRegistration.of(zone, construct, parts);
    super(type, name, {}, opts);
    this.construct = construct;
    registration.register(this);
    this.registerOutputs();
  }
}
