import * as constructs from '@manara/constructs';
import type { Place } from '@manara/residency';
import type { ComponentResourceOptions } from '@pulumi/pulumi';
import { ConstructComponent } from './construct-component';
import { toLate, type WithInputs } from './inputs';
import type { ModelEndpoint } from './model-endpoint';
import { constructOf, type Site } from './site';

/** An endpoint behind a gateway, and who may do what with it. */
export interface GatewayAccess<P extends Place> extends Omit<
  constructs.GatewayAccess<P>,
  'endpoint'
> {
  readonly endpoint: ModelEndpoint<P>;
}

/** How often an endpoint may be asked by all callers together. */
export interface EndpointLimit<P extends Place> extends Omit<
  constructs.EndpointLimit<P>,
  'endpoint'
> {
  readonly endpoint: ModelEndpoint<P>;
}

/** Where a gateway's pods count together. */
export interface SharedLimits<P extends Place> extends Omit<constructs.SharedLimits<P>, 'image'> {
  /** Image of Envoy's rate-limit service in the site's registry. */
  readonly image: WithInputs<constructs.ImageName>;
}

export interface InferenceGatewayArgs<P extends Place> extends Omit<
  constructs.InferenceGatewayProps<P>,
  'access' | 'limits' | 'proxy' | 'sharedLimits'
> {
  /** Site that it is the way into. */
  readonly site: Site<P>;
  /** The endpoints behind it, and who may do what with them. What is not listed is refused. */
  readonly access: readonly [GatewayAccess<P>, ...GatewayAccess<P>[]];
  /** Image of the mesh's proxy in the site's registry, of the version that its control plane has. */
  readonly proxy: WithInputs<constructs.ImageName>;
  /**
   * How often each endpoint may be asked by all callers together.
   * @default - as often as its servers answer
   */
  readonly limits?: readonly EndpointLimit<P>[];
  /**
   * Where all of the gateway's pods count together.
   * @default - each of the pods counts for itself
   */
  readonly sharedLimits?: SharedLimits<P>;
}

/** The endpoints that a list names, as they are in the tree; anything else as it stands. */
function inTree(list: unknown): unknown {
  if (!Array.isArray(list)) return list;
  return list.map((item: unknown) =>
    typeof item === 'object' && item !== null && 'endpoint' in item
      ? { ...item, endpoint: constructOf(item.endpoint) }
      : item,
  );
}

function propsOf<P extends Place>(
  args: Omit<InferenceGatewayArgs<P>, 'site'>,
): constructs.InferenceGatewayProps<P> {
  const { access, limits, ...rest } = args;
  const props = {
    ...rest,
    access: inTree(access),
    ...(limits === undefined ? {} : { limits: inTree(limits) }),
  };
  return toLate<constructs.InferenceGatewayProps<P>>(
    'InferenceGateway',
    props as WithInputs<constructs.InferenceGatewayProps<P>>,
  );
}

/** The one way into a site from outside of its mesh. */
export class InferenceGateway<const P extends Place = Place> extends ConstructComponent<
  constructs.InferenceGateway<P>
> {
  /** @throws as the construct of that name, and as `ConstructComponent` */
  constructor(
    name: string,
    args: { readonly site: Site<P> } & InferenceGatewayArgs<NoInfer<P>>,
    opts?: ComponentResourceOptions,
  ) {
    const { site, ...props } = args;
    const build = (_: unknown, id: string) =>
      new constructs.InferenceGateway<P>(site.construct, id, propsOf<P>(props));
    super('manara:index:InferenceGateway', name, { site, build }, opts);
  }
}
