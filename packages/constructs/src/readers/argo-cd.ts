import type { ApiObject, App, Chart } from 'cdk8s';
import { chartObjects } from './chart-objects';
import { controllerOwned } from './controller-owned';

/** An entry of `spec.ignoreDifferences` of Argo CD's Application. */
export interface IgnoredDifference {
  readonly group?: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly jsonPointers: string[];
}

/** What an Application that deploys a chart has to say of it. */
export interface ArgoCdSettings {
  /** `spec.ignoreDifferences` */
  readonly ignoreDifferences: readonly IgnoredDifference[];
  /** `spec.syncPolicy.syncOptions`: without it a sync applies what is ignored all the same. */
  readonly syncOptions: readonly string[];
}

/**
 * What Argo CD must leave to the controllers that write it, by chart, a `Site`'s among them: replicas under an
 * autoscaler, and what Argo Rollouts writes.
 *
 * @throws Error listing every construct's faults, residency violations among them
 */
export function argoCdSettings(app: App): ReadonlyMap<Chart, ArgoCdSettings> {
  return new Map(
    chartObjects(app).map(({ chart, objects }) => {
      const rules = [...controllerOwned(objects)].map(([object, fields]) =>
        ignored(object, fields),
      );
      const syncOptions = ['RespectIgnoreDifferences=true', 'ServerSideApply=true'];
      return [chart, { ignoreDifferences: rules, syncOptions }];
    }),
  );
}

function ignored(object: ApiObject, fields: readonly string[]): IgnoredDifference {
  const { apiGroup, kind, name, metadata } = object;
  const namespace = metadata.namespace ?? object.chart.namespace;
  return {
    ...(apiGroup === 'core' ? {} : { group: apiGroup }),
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    jsonPointers: fields.map((field) => `/${field.replaceAll('.', '/')}`),
  };
}
