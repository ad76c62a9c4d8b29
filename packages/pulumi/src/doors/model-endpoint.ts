import * as constructs from '@manara/constructs';
import type { Place } from '@manara/residency';
import { ComponentResource, type ComponentResourceOptions } from '@pulumi/pulumi';
import { checkDoorArgs, residencyZone } from './door-args';
import { toLate, type WithInputs } from './inputs';
import { PartRegistration } from './part-registration';
import type { CpuNodePool, GpuNodePool } from './node-pools';
import { constructOf, constructsOf, type Site } from './site';

const type = 'manara:index:ModelEndpoint';

export interface ModelEndpointArgs<P extends Place> extends Omit<
  constructs.ModelEndpointProps<P>,
  'sites' | 'standby' | 'nodes' | 'server'
> {
  /** Zone that the endpoint belongs to. */
  readonly zone: constructs.ResidencyZone<P>;
  /** Sites that carry the traffic. */
  readonly sites: readonly [Site<P>, ...Site<P>[]];
  /** Site that is kept warm to take over, or `none('why')`. */
  readonly standby: Site<P> | constructs.Absent;
  /**
   * Pools that its pods run on, at most one of a site.
   * @default - any node that takes them
   */
  readonly nodes?: readonly (CpuNodePool<P> | GpuNodePool<P>)[];
  /**
   * What its server does besides answering requests, and whom it reaches for that.
   * @default - none of it
   */
  readonly server?: WithInputs<constructs.ServerProps<P>>;
}

/** The pools in the tree; anything else as it stands, for the construct to judge. */
function poolsOf<P extends Place>(
  pools: readonly (CpuNodePool<P> | GpuNodePool<P>)[],
): readonly constructs.NodePool<P>[];
function poolsOf(pools: unknown): unknown {
  return Array.isArray(pools) ? pools.map(constructOf) : pools;
}

/**
 * What callers see: a model of one or more versions on every site that it names. Its objects are its
 * children, each with the provider of its site.
 */
export class ModelEndpoint<const P extends Place = Place> extends ComponentResource {
  /** The same endpoint in the tree. */
  readonly construct: constructs.ModelEndpoint<P>;

  /**
   * @throws ConstructError for a prop that cannot be used; DeployError MANARA_ARGS for what has no zone,
   * MANARA_RESIDENCY for what violates it. Nothing is registered then
   */
  constructor(
    name: string,
    args: { readonly zone: constructs.ResidencyZone<P> } & ModelEndpointArgs<NoInfer<P>>,
    opts: ComponentResourceOptions = {},
  ) {
    checkDoorArgs(type, name, args, { zone: residencyZone });
    const { zone, sites, standby, nodes, server, ...props } = args;
    const construct = new constructs.ModelEndpoint<P>(zone, name, {
      ...props,
      sites: constructsOf(sites),
      standby: constructOf(standby),
      ...(nodes === undefined ? {} : { nodes: poolsOf(nodes) }),
      ...(server === undefined
        ? {}
        : { server: toLate<constructs.ServerProps<P>>('ModelEndpoint.server', server) }),
    });
    const parts = construct.workloads.map(({ site }) => ({
      site,
      root: site.node.findChild(name),
    }));
    const registration = PartRegistration.of(zone, construct, parts);
    super(type, name, {}, opts);
    this.construct = construct;
    registration.register(this);
    this.registerOutputs();
  }
}
