import { isPullDominant } from '@manara/planner';
import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { atSynth, idlePod } from './idle-pod';
import { placementOf } from './placement';
import type { ScaledWorkload } from './scaled-workload';

/** What a pod that does nothing takes: the bundled image's Node.js has 40 MiB resident. */
const little = { cpu: '10m', memory: '96Mi' };
const idleResources = { requests: little, limits: little };

/**
 * A DaemonSet that has every node that replicas may come to pull their image before, where the pull is most
 * of a cold start: a new node begins with it, and does not wait for a replica.
 */
export function addImagePull(scope: Construct, scaled: ScaledWorkload): void {
  const { workload, controller, labels, selector, coldStart, idle } = scaled;
  if (!isPullDominant(coldStart)) return;
  const component = { 'app.kubernetes.io/component': 'image-pull' };
  const matchLabels = { ...selector, ...component };
  new ApiObject(scope, 'image-pull', {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: `${workload.endpoint.name}-image`, labels: { ...labels, ...component } },
    spec: {
      selector: { matchLabels },
      // All nodes at once: what is pulled is not needed yet.
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '100%' } },
      template: {
        metadata: { labels: { ...labels, ...matchLabels } },
        spec: atSynth(() => ({
          ...idlePod(idle, [idleResources]),
          ...placementOf(controller),
        })),
      },
    },
  });
}
