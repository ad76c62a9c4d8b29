import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Labels } from '../../peer';
import type { Workload } from '../lowering';
import { objectLabels, selectorLabels } from '../parts/labels';
import { placed, requestedGpus } from '../parts/gpus';
import { addPlacedDeployment } from '../parts/placed-deployment';
import { spread } from '../parts/spread';
import type { VllmEngineOptions } from './vllm-options';
import type { VllmPlan } from './vllm-plan';
import { type Rank, vllmPod, type VllmPodProps } from './vllm-pod';

const rankLabel = 'manara.dev/rank';

/** What runs the replicas. */
export interface VllmController {
  readonly object: ApiObject;
  /** Labels of the pods that answer. */
  readonly answering: Labels;
}

/** A Deployment where a replica is a pod; otherwise a LeaderWorkerSet, which replaces a group as a whole. */
export function addVllmWorkload(
  scope: Construct,
  workload: Workload,
  { plan, options }: { readonly plan: VllmPlan; readonly options: VllmEngineOptions },
): VllmController {
  const request = requestedGpus(scope, workload, options.gpus);
  const placement = placed(workload, options.gpus, request);
  const props = { plan, options, request, placement };
  return props.plan.parallelism.nodes === 1
    ? addDeployment(scope, workload, props)
    : addLeaderWorkerSet(scope, workload, props);
}

interface Props extends Omit<VllmPodProps, 'rank'> {
  /** Parts of a pod's spec, as they stand in YAML. */
  readonly placement: Readonly<Record<string, unknown>>;
}

function addDeployment(scope: Construct, workload: Workload, props: Props): VllmController {
  const { name } = workload.endpoint;
  const labels = { ...objectLabels(workload) };
  const deployment: k8s.KubeDeploymentProps = {
    metadata: { name, labels },
    spec: {
      progressDeadlineSeconds: props.plan.startupSeconds * 2 + 300,
      // A new pod is ready before an old one goes; where GPUs are few, that takes a free one.
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: {
          maxSurge: k8s.IntOrString.fromNumber(1),
          maxUnavailable: k8s.IntOrString.fromNumber(0),
        },
      },
      selector: { matchLabels: { ...selectorLabels(workload) } },
      template: {
        metadata: { labels },
        spec: {
          ...vllmPod(workload, { ...props, rank: 'only' }),
          topologySpreadConstraints: [...spread(workload)],
        },
      },
    },
  };
  return {
    object: addPlacedDeployment(scope, deployment, props.placement),
    answering: selectorLabels(workload),
  };
}

/** Source: kubernetes-sigs/lws, api/leaderworkerset/v1; read 2026-11. */
function addLeaderWorkerSet(scope: Construct, workload: Workload, props: Props): VllmController {
  // Its controller makes a headless Service of its own name, by which the pods of a group find each other.
  const name = `${workload.endpoint.name}-group`;
  const labels = { ...objectLabels(workload) };
  const apiVersion = 'leaderworkerset.x-k8s.io/v1';
  const template = (rank: Rank): object => ({
    metadata: { labels: { ...labels, [rankLabel]: rank } },
    spec: { ...json(vllmPod(workload, { ...props, rank })), ...props.placement },
  });
  const object = new ApiObject(scope, 'leader-worker-set', {
    apiVersion,
    kind: 'LeaderWorkerSet',
    metadata: { name, labels },
    spec: {
      leaderWorkerTemplate: {
        size: props.plan.parallelism.nodes,
        // A replica that lost a part computes nothing, and does not find together again by itself.
        restartPolicy: 'RecreateGroupOnPodRestart',
        leaderTemplate: template('leader'),
        workerTemplate: template('worker'),
      },
      rolloutStrategy: {
        type: 'RollingUpdate',
        rollingUpdateConfiguration: { maxSurge: 1, maxUnavailable: 0 },
      },
      startupPolicy: 'LeaderCreated',
    },
  });
  return {
    object,
    answering: { ...selectorLabels(workload), [rankLabel]: 'leader' },
  };
}

function json(spec: k8s.PodSpec): object {
  return k8s.toJson_PodSpec(spec) ?? {};
}
