import type { Labels } from '../kubelet/pod';

/** A number, or how to get it each time it is asked for: from Prometheus, say. */
export type Measured = number | (() => number | Promise<number>);

interface PodValue {
  readonly namespace: string;
  readonly labels: Labels;
  readonly value: Measured;
}

/**
 * What the metrics APIs say. Nothing is measured: a test sets it, and autoscalers take it for true. A value
 * that is set again replaces the one before, of the same namespace, name and labels.
 */
export class MetricValues {
  private readonly pods = new Map<string, Map<string, PodValue>>();
  private readonly externals = new Map<string, Measured>();

  /** CPU that each pod with these labels uses, in thousandths of a core. @default 0 */
  setCpuMillis(namespace: string, labels: Labels, millis: Measured): void {
    this.setPodMetric(cpu, namespace, labels, millis);
  }

  /** A metric of each pod with these labels, for an HPA's `type: Pods`. */
  setPodMetric(name: string, namespace: string, labels: Labels, value: Measured): void {
    const values = this.pods.get(name) ?? new Map<string, PodValue>();
    values.set(JSON.stringify([namespace, labels]), { namespace, labels, value });
    this.pods.set(name, values);
  }

  /** A metric of nothing in the cluster, for an HPA's `type: External`: KEDA's are of this kind. */
  setExternalMetric(name: string, namespace: string, value: Measured): void {
    this.externals.set(`${namespace}/${name}`, value);
  }

  async cpuMillis(namespace: string, labels: Labels): Promise<number> {
    return (await this.podMetric(cpu, namespace, labels)) ?? 0;
  }

  /** Of a pod with these labels; `undefined` where none was set. */
  async podMetric(name: string, namespace: string, labels: Labels): Promise<number | undefined> {
    const values = [...(this.pods.get(name)?.values() ?? [])];
    const value = values.findLast(
      (one) =>
        one.namespace === namespace &&
        Object.entries(one.labels).every(([key, label]) => labels[key] === label),
    )?.value;
    return value === undefined ? undefined : numberOf(value);
  }

  async externalMetric(name: string, namespace: string): Promise<number | undefined> {
    const value = this.externals.get(`${namespace}/${name}`);
    return value === undefined ? undefined : numberOf(value);
  }
}

const cpu = 'cpu';

async function numberOf(value: Measured): Promise<number> {
  return typeof value === 'number' ? value : value();
}
