import type { Severity } from './burn-rates';

/** What an alert is about; people and remediation choose by it. */
export type AlertAbout =
  'availability' | 'latency' | 'saturation' | 'drift' | 'residency' | 'degradation' | 'telemetry';

export interface Alert {
  /** Heading of the runbook, too. */
  readonly name: string;
  readonly about: AlertAbout;
  readonly severity: Severity;
  readonly expr: string;
  readonly for: string;
  /** One line; `{{ $value }}` and `{{ $labels.x }}` are Prometheus' own. */
  readonly summary: string;
  /** Further labels. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Recording {
  readonly record: string;
  readonly expr: string;
}

/** Labels and annotations that every alert of a group has. */
export interface AlertContext {
  readonly labels: Readonly<Record<string, string>>;
  /** Address of the page whose headings are the alerts' names. */
  readonly runbooks: string;
}

/** An alerting rule as Prometheus reads it. */
interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}

/** An alert with what its group adds. */
export function alertRule(alert: Alert, { labels, runbooks }: AlertContext): AlertRule {
  const { name, about, severity, expr, summary } = alert;
  return {
    alert: name,
    expr,
    for: alert.for,
    labels: { ...labels, severity, about, ...alert.labels },
    annotations: { summary, runbook_url: `${runbooks}#${name.toLowerCase()}` },
  };
}
