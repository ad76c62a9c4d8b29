import { container } from '@manara/contract';
import { imagePullSeconds, replicaShape } from '@manara/planner';
import type { Capacity, ServerMetrics, Workload } from '../lowering';
import { coldStartOf } from '../../scaling/cold-start';
import { replicaFloor } from '../../scaling/replica-floor';
import type { PlannedScaling, ScaledWorkload } from '../../scaling/scaled-workload';
import { objectLabels, selectorLabels } from '../parts/labels';
import type { OnnxEngineOptions } from './onnx-options';
import type { ServerSize } from './server-size';

/** Node.js, the server and a slim base: docs/image.md, rounded up. */
const imageBytes = 200_000_000;

/** Node.js alone, kept from ending by a timer. */
const idleCommand = ['/usr/local/bin/node', '-e', 'setInterval(() => {}, 2 ** 30)'];

/** Where the bundled server shows its metrics. */
export const bundledMetrics: ServerMetrics = { port: 'metrics', areBundled: true };

/** What the bundled server says of its replicas. */
export function serverScaling(
  workload: Workload,
  size: ServerSize,
  { coldStart, imageDigest }: OnnxEngineOptions,
): Omit<ScaledWorkload, 'controller'> {
  return {
    workload,
    device: 'cpu',
    replica: replicaShape(size),
    coldStart: coldStartOf(coldStart, {
      nodeSeconds: 0,
      imagePullSeconds: imagePullSeconds(imageBytes),
      loadSeconds: size.startupSeconds,
      // The server makes one of its own before it is ready.
      firstInferenceSeconds: 0,
    }),
    labels: objectLabels(workload),
    selector: selectorLabels(workload),
    idle: {
      image: workload.site.images.image(container.image, container.tag, imageDigest),
      command: idleCommand,
    },
  };
}

/** The autoscaler follows use, and a pod uses its limit at most. */
export function serverCapacity(
  workload: Workload,
  size: ServerSize,
  { plan }: PlannedScaling,
): Capacity {
  const { cpuLimitMillis, cpuRequestMillis, startupSeconds } = size;
  const target = plan.target.cpuPercent ?? 100;
  return {
    idleReplicas: replicaFloor(workload, plan),
    peakReplicas: plan.peakReplicas,
    maxReplicas: plan.maxReplicas,
    inFlightPerReplica: size.inFlight,
    startupSeconds,
    growthFactor: (cpuLimitMillis * 100) / (cpuRequestMillis * target),
  };
}
