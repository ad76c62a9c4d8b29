import { ApiObject } from 'cdk8s';
import { unlessAbsent } from '../../absent';
import { checkRoom } from '../../capacity/node-room';
import { ConstructError } from '../../construct-error';
import { addScaling } from '../../scaling/add-scaling';
import type { LoadQueries } from '../../scaling/scaled-workload';
import type { EngineLowering, Workload } from '../lowering';
import { capacityOf, idleCommand } from '../parts/capacity';
import { gpuCount } from '../parts/gpus';
import { addService, addServiceAccount } from '../parts/identity';
import { objectLabels, selectorLabels } from '../parts/labels';
import { addNetworkPolicy } from '../parts/network-policy';
import { refuseUnsupported } from '../parts/supported';
import { addInferenceRouting, routingPeers } from './inference-pool';
import { validateOptions, type VllmEngineOptions } from './vllm-options';
import { planVllm } from './vllm-plan';
import { vllmImageOf, vllmPort } from './vllm-pod';
import { addVllmWorkload } from './vllm-workload';

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
      refuseUnsupported(workload, 'vLLM');
      refuseWhatCannotBe(workload);
      const plan = planVllm(endpoint, options);
      checkRoom(endpoint.path, workload.nodes, {
        cpuMillis: plan.cpuRequestMillis,
        memoryBytes: plan.memoryBytes,
        gpus: gpuCount(options.gpus),
      });
      addServiceAccount(scope, workload);
      const { object, answering } = addVllmWorkload(scope, workload, { plan, options });
      const service = addService(scope, workload, { http: vllmPort }, answering);
      const idle = { image: vllmImageOf(workload, options), command: idleCommand };
      const scaling = addScaling(scope, {
        ...plan,
        workload,
        controller: object,
        // A batch is always under way: a GPU is as busy with one request as with many.
        device: undefined,
        load: loadQueries(workload),
        labels: objectLabels(workload),
        selector: answering,
        idle,
      });
      addNetworkPolicy(scope, workload, [], {
        calls: [vllmPort],
        metrics: vllmPort,
        others: routingPeers(options.routing),
        // Parts of a replica speak at ports that nobody chooses, in clear and without any password.
        each: plan.parallelism.nodes > 1,
      });
      const { routing } = options;
      if (routing !== undefined) addInferenceRouting(scope, workload, { routing, answering });
      return {
        ...workload,
        ...scaling,
        controller: object,
        service: ApiObject.of(service),
        podLabels: selectorLabels(workload),
        imageDigest: options.image?.digest,
        idle,
        waysOut: [],
        metrics: { port: 'http', areBundled: false },
        capacity: capacityOf(workload, scaling, {
          startupSeconds: plan.startupSeconds,
          // Of requests in its hands there is no most.
          growthFactor: scaling.plan.maxReplicas,
        }),
      };
    },
  };
}

/**
 * Requests that run and that wait for a place in a batch. Source: vLLM, "Production Metrics"; read 2026-11.
 */
function loadQueries({ endpoint, site }: Workload): LoadQueries {
  const selector = `{namespace="${site.namespaceName}",model_name="${endpoint.name}"}`;
  const average = (gauge: string): string => `sum(avg_over_time(vllm:${gauge}${selector}[1m]))`;
  return {
    metric: 'manara_vllm_requests_in_flight',
    inFlight: `${average('num_requests_running')} + ${average('num_requests_waiting')}`,
    requestRate: `sum(rate(vllm:request_success_total${selector}[1m]))`,
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
  if (site.mesh !== undefined) {
    refuse(
      `engine: a mesh knows the paths of the Open Inference Protocol, and vLLM has OpenAI's; expected a site without mesh, received "${site.node.id}" with one; fix: another site, and routing for what chooses the replica`,
    );
  }
  if (unlessAbsent(site.metrics) === undefined) {
    refuse(
      `engine: replicas follow the requests in their hands, which somebody must count; expected metrics of site "${site.node.id}", received none`,
    );
  }
}
