import * as constructs from '@manara/constructs';
import { Provider } from '@pulumi/kubernetes/provider';
import type { IConstruct } from 'constructs';
import {
  BlueGreenRollout,
  CanaryRollout,
  CpuNodePool,
  GpuNodePool,
  GpuOperator,
  InferenceGateway,
  ModelEndpoint,
  type ModelEndpointArgs,
  Observability,
  ResidencyZone,
  ServingStack,
  type ServingStackArgs,
  ShadowRollout,
  Site,
  SpareCapacity,
  type SpareCapacityArgs,
} from '@manara/pulumi';

/** Makes every construct of Manara in a tree once more, through the doors for Pulumi. */
export function replay(root: IConstruct): void {
  for (const zone of root.node.findAll().filter((c) => constructs.ResidencyZone.isResidencyZone(c)))
    replayZone(zone);
}

function replayZone(zone: constructs.ResidencyZone): void {
  const again = new ResidencyZone(zone.node.id, zone);
  const children = zone.node.children;
  const sites = new Map(
    children
      .filter((c) => constructs.Site.isSite(c))
      .map((site) => {
        const { node, namespaceName: namespace } = site;
        const provider = new Provider(node.id, { context: node.id });
        const args = { ...propsOf(site), namespace, zone: again } as never;
        return [site, new Site(node.id, args, { provider })] as const;
      }),
  );
  const pools = new Map([...sites].flatMap(([site, door]) => replayNodes(site, door)));
  for (const [site, door] of sites) replayObservability(site, door);
  const madeAgain = (site: unknown) => (constructs.Site.isSite(site) ? sites.get(site) : site);
  for (const stack of children.filter((c) => constructs.ServingStack.isServingStack(c))) {
    new ServingStack(stack.node.id, {
      ...propsOf(stack),
      zone: again,
      sites: stack.sites.map(madeAgain),
      standby: madeAgain(stack.standby),
    } as unknown as ServingStackArgs<never> & { readonly zone: typeof again });
  }
  const endpoints = new Map<unknown, unknown>();
  for (const endpoint of children.filter((c) => constructs.ModelEndpoint.isModelEndpoint(c))) {
    const args = { ...propsOf(endpoint), zone: again };
    const door = new ModelEndpoint(endpoint.node.id, {
      ...args,
      sites: endpoint.sites.map(madeAgain),
      standby: madeAgain(endpoint.standby),
      nodes: endpoint.nodes.map((pool) => pools.get(pool)),
    } as unknown as ModelEndpointArgs<never> & { readonly zone: typeof again });
    endpoints.set(endpoint, door);
    replayRollouts(endpoint, door);
  }
  for (const [site, door] of sites) replayGateways(site, door, endpoints);
  for (const spare of children.filter((c) => c instanceof constructs.SpareCapacity)) {
    new SpareCapacity(spare.node.id, {
      zone: again,
      site: madeAgain(spare.site),
      like: endpoints.get(spare.like),
      replicas: spare.replicas,
    } as unknown as SpareCapacityArgs<never> & { readonly zone: typeof again });
  }
}

/** Node pools of a site, each with what it is through the door. */
function replayNodes(
  { node: { children } }: constructs.Site,
  site: Site,
): readonly (readonly [unknown, CpuNodePool | GpuNodePool])[] {
  for (const operator of children.filter((c) => c instanceof constructs.GpuOperator)) {
    new GpuOperator(operator.node.id, { ...operator.props, site });
  }
  return [
    ...children
      .filter((c) => c instanceof constructs.CpuNodePool)
      .map((pool) => [pool, new CpuNodePool(pool.node.id, { ...pool.props, site })] as const),
    ...children
      .filter((c) => c instanceof constructs.GpuNodePool)
      .map((pool) => [pool, new GpuNodePool(pool.node.id, { ...pool.props, site })] as const),
  ];
}

/** What watches a site, before its endpoints. */
function replayObservability({ node: { children } }: constructs.Site, site: Site): void {
  for (const { node, props } of children.filter((c) => c instanceof constructs.Observability)) {
    new Observability(node.id, { ...props, site });
  }
}

const rollouts = [
  [constructs.CanaryRollout, CanaryRollout],
  [constructs.BlueGreenRollout, BlueGreenRollout],
  [constructs.ShadowRollout, ShadowRollout],
] as const;

function replayRollouts({ node }: constructs.ModelEndpoint, endpoint: ModelEndpoint): void {
  for (const [Rollout, Door] of rollouts) {
    for (const child of node.children) {
      if (child instanceof Rollout) new Door(child.node.id, { ...child.props, endpoint });
    }
  }
}

/** Ways into a site, with the endpoints that are behind them. */
function replayGateways(
  { node: { children } }: constructs.Site,
  site: Site,
  endpoints: ReadonlyMap<unknown, unknown>,
): void {
  for (const { node, props } of children.filter((c) => c instanceof constructs.InferenceGateway)) {
    const behind = (list: readonly { readonly endpoint: unknown }[] = []) =>
      list.map((item) => ({ ...item, endpoint: endpoints.get(item.endpoint) }));
    const { access, limits } = props;
    const args = { ...props, site, access: behind(access), limits: behind(limits) };
    new InferenceGateway(node.id, args as never);
  }
}

/** Constructs keep what they were given under the names of their props. */
function propsOf(construct: object): object {
  return Object.fromEntries(Object.entries(construct).filter(([key]) => key !== 'node'));
}
