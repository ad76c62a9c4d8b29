import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Labels, Peer } from '../../peer';
import type { Workload } from '../lowering';
import { objectLabels } from '../parts/labels';
import type { InferenceRouting } from './vllm-options';
import { vllmPort } from './vllm-pod';

const group = 'inference.networking.k8s.io';

/**
 * What callers may ask of vLLM: its server also has routes without any authentication that stop it, or change
 * its weights. Source: vLLM, "Security", Unprotected endpoints; read 2026-11.
 */
const routes = ['/v1/chat/completions', '/v1/completions', '/v1/embeddings', '/v1/models'];

/**
 * Routing that looks at the replicas: an InferencePool, whose picker sends a request to where its prefix is
 * cached and the queue is short, and an HTTPRoute where there is a Gateway.
 * Source: kubernetes-sigs/gateway-api-inference-extension, api/v1; read 2026-11.
 */
export function addInferenceRouting(
  scope: Construct,
  workload: Workload,
  { routing, answering }: { readonly routing: InferenceRouting; readonly answering: Labels },
): void {
  const { name } = workload.endpoint;
  const labels = { ...objectLabels(workload) };
  const { picker, gateway } = routing;
  new ApiObject(scope, 'inference-pool', {
    apiVersion: `${group}/v1`,
    kind: 'InferencePool',
    metadata: { name, labels },
    spec: {
      selector: { matchLabels: { ...answering } },
      targetPorts: [{ number: vllmPort }],
      // Without its picker the pool is a plain one: worse placed answers are better than none.
      endpointPickerRef: {
        name: picker.service,
        port: { number: picker.port },
        failureMode: 'FailOpen',
      },
    },
  });
  if (gateway === undefined) return;
  new ApiObject(scope, 'route', {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name, labels },
    spec: {
      parentRefs: [{ name: gateway.name, namespace: gateway.namespace }],
      hostnames: [gateway.host],
      rules: [
        {
          matches: routes.map((value) => ({ path: { type: 'Exact', value } })),
          backendRefs: [{ group, kind: 'InferencePool', name }],
          // Answers stream for as long as they take.
          timeouts: { request: '0s' },
        },
      ],
    },
  });
}

/** Who reaches the replicas besides the endpoint's callers. */
export function routingPeers(routing: InferenceRouting | undefined): readonly Peer[] {
  if (routing === undefined) return [];
  const { picker, gateway } = routing;
  return [picker.peer, ...(gateway === undefined ? [] : [gateway.peer])];
}
