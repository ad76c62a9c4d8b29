import { type ChartObject, ModelEndpoint, Site } from '@manara/constructs';
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
  return isEndpoint(chart, group.node.id) ? 'manara:index:ModelEndpoint' : 'manara:index:Construct';
}

function isEndpoint(chart: Chart, id: string): boolean {
  if (!Site.isSite(chart)) return false;
  const endpoint = chart.zone.node.tryFindChild(id);
  if (!ModelEndpoint.isModelEndpoint(endpoint)) return false;
  return [...endpoint.sites, endpoint.standby].some((site) => site === chart);
}

/** What a chart is called in `providers` and `sites`: a site's id; another chart's path. */
export function chartKey(chart: Chart): string {
  return Site.isSite(chart) ? chart.node.id : chart.node.path;
}
