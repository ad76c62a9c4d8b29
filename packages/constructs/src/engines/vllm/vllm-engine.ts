import { unlessAbsent } from '../../absent';
import { ConstructError } from '../../construct-error';
import type { EngineLowering, Workload } from '../lowering';
import { addService, addServiceAccount } from '../parts/identity';
import { selectorLabels } from '../parts/labels';
import { addNetworkPolicy } from '../parts/network-policy';
import { addAutoscaler, addDisruptionBudget, idleReplicas, podsMetric } from '../parts/replicas';
import { refuseUnsupported } from '../parts/supported';
import { addInferenceRouting, routingPeers } from './inference-pool';
import { validateOptions, type VllmEngineOptions } from './vllm-options';
import { planVllm } from './vllm-plan';
import { vllmPort } from './vllm-pod';
import { addVllmWorkload } from './vllm-workload';

/** Requests that wait for a place in a batch. Source: vLLM, "Production Metrics"; read 2026-11. */
const waitingMetric = 'vllm:num_requests_waiting';

/**
 * Lowers an endpoint to vLLM.
 *
 * @throws ConstructError MANARA_ENGINE for an option that is malformed or out of range
 */
export function vllmEngine(options: VllmEngineOptions): EngineLowering<never> {
  validateOptions(options);
  return {
    kind: 'vllm',
    formats: ['safetensors'],
    lower(scope, workload) {
      const { endpoint } = workload;
      refuseUnsupported(endpoint, 'vLLM');
      refuseWhatCannotBe(workload);
      const plan = planVllm(endpoint, options);
      addServiceAccount(scope, workload);
      const { object, target, answering } = addVllmWorkload(scope, workload, { plan, options });
      const service = addService(scope, workload, { http: vllmPort }, answering);
      const autoscaler = addAutoscaler(scope, workload, {
        ...plan,
        target,
        metrics: [podsMetric(waitingMetric, plan.targetWaiting)],
      });
      addDisruptionBudget(scope, workload, answering);
      addNetworkPolicy(scope, workload, {
        calls: [vllmPort],
        metrics: vllmPort,
        others: routingPeers(options.routing),
        // Parts of a replica speak at ports that nobody chooses, in clear and without any password.
        each: plan.parallelism.nodes > 1,
        traces: false,
      });
      const { routing } = options;
      if (routing !== undefined) addInferenceRouting(scope, workload, { routing, answering });
      return {
        ...workload,
        controller: object,
        service,
        autoscaler,
        podLabels: selectorLabels(workload),
        imageDigest: options.image?.digest,
        capacity: {
          idleReplicas: idleReplicas(workload, plan.minReplicas),
          peakReplicas: plan.peakReplicas,
          startupSeconds: plan.startupSeconds,
          // Of requests that wait there is no most.
          growthFactor: plan.maxReplicas,
        },
      };
    },
  };
}

function refuseWhatCannotBe({ endpoint, site }: Workload): void {
  const refuse = (message: string): never => {
    throw new ConstructError('MANARA_ENGINE', endpoint.path, message);
  };
  if (endpoint.versions.length > 1) {
    refuse(
      `versions: a process of vLLM has one model, and its paths know no versions; expected one, received ${endpoint.versions.map(({ number }) => number).join(', ')}; fix: an endpoint for each`,
    );
  }
  if (unlessAbsent(site.metrics) === undefined) {
    refuse(
      `engine: replicas follow ${waitingMetric}, which somebody must collect; expected metrics of site "${site.node.id}", received none`,
    );
  }
}
