import * as constructs from '@manara/constructs';
import type { Place } from '@manara/residency';
import { ComponentResource, type ComponentResourceOptions } from '@pulumi/pulumi';
import { checkDoorArgs, residencyZone } from './door-args';
import type { ModelEndpoint } from './model-endpoint';
import { PartRegistration } from './part-registration';
import { constructOf, type Site } from './site';

const type = 'manara:index:SpareCapacity';

export interface SpareCapacityArgs<P extends Place> extends Omit<
  constructs.SpareCapacityProps,
  'site' | 'like'
> {
  /** Zone that the site belongs to. */
  readonly zone: constructs.ResidencyZone<P>;
  /** Whose nodes have room to spare. */
  readonly site: Site<P>;
  /** Endpoint of the site: the room is that of its replicas, where they go. Others take it as well. */
  readonly like: ModelEndpoint<P>;
}

/** Room on a site's nodes for replicas that do not exist yet, with the provider of the site. */
export class SpareCapacity<const P extends Place = Place> extends ComponentResource {
  /** The same in the tree. */
  readonly construct: constructs.SpareCapacity;

  /**
   * @throws ConstructError for a prop that cannot be used; DeployError MANARA_ARGS for what has no zone.
   * Nothing is registered then
   */
  constructor(
    name: string,
    args: { readonly zone: constructs.ResidencyZone<P> } & SpareCapacityArgs<NoInfer<P>>,
    opts: ComponentResourceOptions = {},
  ) {
    checkDoorArgs(type, name, args, { zone: residencyZone });
    const { zone, site, like, ...props } = args;
    const construct = new constructs.SpareCapacity(zone, name, {
      ...props,
      site: constructOf(site),
      like: ComponentResource.isInstance(like) ? like.construct : like,
    });
    const { node } = construct.site;
    const registration = PartRegistration.of(zone, construct, [
      { site: construct.site, root: node.findChild(name) },
    ]);
    super(type, name, {}, opts);
    this.construct = construct;
    registration.register(this);
    this.registerOutputs();
  }
}
