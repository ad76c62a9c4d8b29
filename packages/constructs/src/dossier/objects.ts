import { ApiObject, type Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** Every Kubernetes object below a construct, or those of a kind. */
export function objectsBelow(scope: IConstruct | undefined, kind?: string): readonly ApiObject[] {
  return (scope?.node.findAll() ?? [])
    .filter((construct) => ApiObject.isApiObject(construct))
    .filter((object) => kind === undefined || object.kind === kind);
}

/** Child of the chart that an object is a part of, such as an endpoint; none where it stands alone. */
export function groupOf(object: ApiObject, chart: Chart): IConstruct | undefined {
  const { scopes } = object.node;
  const child = scopes[scopes.indexOf(chart) + 1] ?? object;
  const isSingle = ApiObject.isApiObject(child) || ApiObject.isApiObject(child.node.defaultChild);
  return isSingle ? undefined : child;
}
