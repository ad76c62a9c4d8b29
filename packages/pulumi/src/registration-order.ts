import type { ChartObject, ChartObjects } from '@manara/constructs';
import { ApiObject, type Chart } from 'cdk8s';
import { DeployError } from './deploy-error';

/** An object and those that must exist before it. */
export interface OrderedObject extends ChartObject {
  readonly dependsOn: readonly ApiObject[];
}

/**
 * Every object after those that it depends on: by cdk8s's dependencies, and by its namespace where the
 * same chart creates that.
 *
 * @throws DeployError MANARA_DOCUMENT for objects that wait for each other
 */
export function registrationOrder(charts: readonly ChartObjects[]): readonly OrderedObject[] {
  const items = new Map(
    charts.flatMap(({ objects }) => objects.map((item) => [item.object, item] as const)),
  );
  const namespaces = new Map(charts.map(({ chart }) => [chart, namespacesOf(chart)]));
  const ordered = new Map<ApiObject, OrderedObject>();
  const waiting = new Set<ApiObject>();

  const visit = (item: ChartObject): void => {
    const { object } = item;
    if (ordered.has(object)) return;
    if (waiting.has(object)) {
      const paths = [...waiting, object].map((o) => o.node.path).join(' → ');
      throw new DeployError('MANARA_DOCUMENT', `objects wait for each other: ${paths}`);
    }
    waiting.add(object);
    // cdk8s writes the chart's namespace into every object, a Namespace too.
    const namespace = isNamespace(object)
      ? undefined
      : namespaces.get(object.chart)?.get(object.metadata.namespace ?? '');
    const dependsOn = new Set([
      ...object.node.dependencies.filter((c) => ApiObject.isApiObject(c)),
      ...(namespace === undefined ? [] : [namespace]),
    ]);
    for (const dependency of dependsOn) {
      const found = items.get(dependency);
      if (found !== undefined) visit(found);
    }
    waiting.delete(object);
    ordered.set(object, { ...item, dependsOn: [...dependsOn] });
  };
  for (const item of items.values()) visit(item);
  return [...ordered.values()];
}

/** Namespaces that a chart itself creates: alone, or as the object that a construct stands for. */
function namespacesOf(chart: Chart): ReadonlyMap<string, ApiObject> {
  return new Map(
    chart.node.children
      .map((child) => (ApiObject.isApiObject(child) ? child : child.node.defaultChild))
      .filter((child) => ApiObject.isApiObject(child))
      .flatMap((object) => (isNamespace(object) ? [[object.name, object] as const] : [])),
  );
}

function isNamespace({ apiVersion, kind }: ApiObject): boolean {
  return apiVersion === 'v1' && kind === 'Namespace';
}
