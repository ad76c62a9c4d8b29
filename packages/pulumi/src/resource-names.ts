import { type ChartObject, ModelEndpoint, ServingStack, Site } from '@manara/constructs';
import { ApiObject, type Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';

/**
 * Name of an object's resource: its construct path, so that it does not change when something is added
 * before it. Constructs call the object that they stand for "Resource"; it bears their path.
 */
export function resourceName(object: ApiObject): string {
  const { scope } = object.node;
  const standsForScope =
    scope !== undefined &&
    !ApiObject.isApiObject(scope) &&
    scope.node.defaultChild === (object as IConstruct);
  return standsForScope ? scope.node.path : object.node.path;
}

/** Type token of the component that a chart becomes. */
export function chartType(chart: Chart): string {
  return Site.isSite(chart) ? 'manara:index:Site' : 'manara:index:Chart';
}

/** Type token of the component that a group of a chart's objects becomes. */
export function groupType(chart: Chart, group: NonNullable<ChartObject['group']>): string {
  return `manara:index:${ownerKind(chart, group.node.id) ?? 'Construct'}`;
}

/** Kind of the construct in the zone whose objects in a site have its id. */
function ownerKind(chart: Chart, id: string): string | undefined {
  if (!Site.isSite(chart)) return undefined;
  const owner = chart.zone.node.tryFindChild(id);
  if (ServingStack.isServingStack(owner)) {
    return owner.imageSite === chart ? 'ServingStack' : undefined;
  }
  if (!ModelEndpoint.isModelEndpoint(owner)) return undefined;
  const runsHere = [...owner.sites, owner.standby].some((site) => site === chart);
  return runsHere ? 'ModelEndpoint' : undefined;
}

/** What a chart is called in `providers` and `sites`: a site's id; another chart's path. */
export function chartKey(chart: Chart): string {
  return Site.isSite(chart) ? chart.node.id : chart.node.path;
}
