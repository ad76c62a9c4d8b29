import * as constructs from '@manara/constructs';
import { Provider } from '@pulumi/kubernetes/provider';
import type { IConstruct } from 'constructs';
import {
  CpuNodePool,
  GpuNodePool,
  GpuOperator,
  ModelEndpoint,
  type ModelEndpointArgs,
  ResidencyZone,
  ServingStack,
  type ServingStackArgs,
  Site,
  SpareCapacity,
  type SpareCapacityArgs,
} from '@manara/pulumi';

/** Makes every zone, site, node pool, endpoint and spare capacity of a tree once more, through the doors for Pulumi. */
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
  }
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

/** Constructs keep what they were given under the names of their props. */
function propsOf(construct: object): object {
  return Object.fromEntries(Object.entries(construct).filter(([key]) => key !== 'node'));
}
