import type { IPodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor';
import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Labels } from '../peer';
import type { Site } from '../site';

export interface Monitored {
  readonly site: Site;
  readonly name: string;
  readonly objectLabels: Labels;
  /** Labels of the pods; `app.kubernetes.io/name` becomes the series' `job`. */
  readonly podLabels: Labels;
  /** Name of the port. */
  readonly port: string;
}

/**
 * Has pods scraped. Pods and not a Service: during a rollout several Services lead to the same pods, which
 * would count twice.
 */
export function addPodMonitor(scope: Construct, monitored: Monitored): void {
  const { site, name, objectLabels, podLabels, port } = monitored;
  const monitor: IPodMonitor = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: { name, labels: { ...objectLabels } },
    spec: {
      jobLabel: 'app.kubernetes.io/name',
      // By which a rollout tells new pods from those before.
      podTargetLabels: ['rollouts-pod-template-hash'],
      selector: { matchLabels: { ...podLabels } },
      podMetricsEndpoints: [
        {
          port,
          interval: '15s',
          scrapeTimeout: '10s',
          // One Prometheus may see several sites.
          relabelings: [{ action: 'replace', targetLabel: 'site', replacement: site.node.id }],
        },
      ],
    },
  };
  new ApiObject(scope, 'monitor', monitor);
}
