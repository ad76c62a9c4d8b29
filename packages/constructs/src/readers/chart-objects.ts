import { ApiObject, type App, Chart, DependencyGraph } from 'cdk8s';
import type { ManifestRecord } from '../manifest';

/** A Kubernetes object of a chart, and what it lowers to. */
export interface ChartObject {
  readonly object: ApiObject;
  readonly manifest: ManifestRecord;
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
  return app.charts.map((chart) => {
    // Validates the tree and infers dependencies between objects; hence before they are listed.
    const manifests = chart.toJson() as readonly ManifestRecord[];
    const objects = new DependencyGraph(chart.node)
      .topology()
      .filter((c): c is ApiObject => ApiObject.isApiObject(c) && Chart.of(c) === chart);
    return {
      chart,
      objects: objects.map((object, i) => ({ object, manifest: manifests[i] ?? {} })),
    };
  });
}
