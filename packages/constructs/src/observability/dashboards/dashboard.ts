import { createHash } from 'node:crypto';
import {
  DashboardCursorSync,
  DatasourceVariableBuilder,
  defaultDashboard,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Labels } from '../../peer';
import { datasource, layOut, type Panel } from './panel';

export interface DashboardSpec {
  /** Construct path: what its identity in Grafana is computed from. */
  readonly path: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly panels: readonly Panel[];
}

/** The JSON of a dashboard, in the form that every Grafana since 9 reads from a file. */
export function dashboardJson({ path, title, tags, panels }: DashboardSpec): string {
  // Typed as Grafana's published schema has it.
  const dashboard: ReturnType<typeof defaultDashboard> = {
    ...defaultDashboard(),
    // At most 40 characters, and the same after each synth.
    uid: createHash('sha256').update(path).digest('hex').slice(0, 40),
    title,
    tags: [...tags],
    // It comes from the program; what is changed by hand would be lost.
    editable: false,
    graphTooltip: DashboardCursorSync.Crosshair,
    time: { from: 'now-6h', to: 'now' },
    refresh: '1m',
    templating: {
      list: [
        new DatasourceVariableBuilder(datasource).label('Prometheus').type('prometheus').build(),
      ],
    },
    panels: [...layOut(panels)],
  };
  return JSON.stringify(dashboard, null, 2);
}

/** Label by which Grafana's sidecar finds dashboards. Source: grafana/helm-charts, values.yaml; read 2026-11. */
const sidecarLabel = { grafana_dashboard: '1' };

/** A dashboard as the ConfigMap that Grafana's sidecar looks for. */
export function addDashboard(
  scope: Construct,
  { name, labels, spec }: { name: string; labels: Labels; spec: DashboardSpec },
): void {
  new k8s.KubeConfigMap(scope, 'dashboard', {
    metadata: { name, labels: { ...labels, ...sidecarLabel } },
    data: { [`${name}.json`]: dashboardJson(spec) },
  });
}
