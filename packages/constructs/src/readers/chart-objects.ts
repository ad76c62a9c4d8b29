import { ApiObject, type App, Chart, DependencyGraph } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { groupOf } from '../dossier/objects';
import { readingLate } from '../late/late-in-tree';
import type { ManifestRecord } from '../manifest';

/** A Kubernetes object of a chart, and what it lowers to. */
export interface ChartObject {
  readonly object: ApiObject;
  readonly manifest: ManifestRecord;
  /** Child of the chart that the object is a part of, such as an endpoint; none where it stands alone. */
  readonly group: IConstruct | undefined;
}

/** A chart's objects, each after what it depends on. A `Site` is a chart. */
export interface ChartObjects {
  readonly chart: Chart;
  readonly objects: readonly ChartObject[];
}

/**
 * Every chart's objects, validated and resolved as `cdk8s synth` does. Late values are still markers.
 *
 * @throws Error listing every construct's faults, residency violations among them
 */
export function chartObjects(app: App): readonly ChartObjects[] {
  // Validates the tree and infers dependencies; hence before charts and objects are put in order.
  const rendered = readingLate(
    app,
    () => new Map(app.charts.map((c) => [c, c.toJson() as readonly ManifestRecord[]])),
  );
  return app.charts.map((chart) => {
    const manifests = rendered.get(chart) ?? [];
    const objects = new DependencyGraph(chart.node)
      .topology()
      .filter((c): c is ApiObject => ApiObject.isApiObject(c) && Chart.of(c) === chart);
    return {
      chart,
      objects: objects.map((object, i) => ({
        object,
        manifest: manifests[i] ?? {},
        group: groupOf(object, chart),
      })),
    };
  });
}
