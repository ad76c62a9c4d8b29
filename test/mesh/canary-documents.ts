import type { KubernetesDocument } from '../support/documents';

/** A Rollout of the Deployment `echo`, by the weights of its VirtualService, judged by its errors. */
export const echoRollout: KubernetesDocument = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Rollout',
  metadata: { name: 'echo' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'echo' } },
    workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'echo' },
    strategy: {
      canary: {
        trafficRouting: {
          istio: {
            virtualService: { name: 'echo', routes: ['primary'] },
            destinationRule: {
              name: 'echo',
              stableSubsetName: 'stable',
              canarySubsetName: 'canary',
            },
          },
        },
        abortScaleDownDelaySeconds: 1,
        scaleDownDelaySeconds: 5,
        steps: [
          { setWeight: 50 },
          { pause: { duration: '3s' } },
          {
            analysis: {
              templates: [{ templateName: 'errors' }],
              args: [{ name: 'hash', valueFrom: { podTemplateHashValue: 'Latest' } }],
            },
          },
        ],
      },
    },
  },
};

/** Share of requests that fail in the pods of one version, of those that Prometheus has seen. */
export function errorAnalysis(prometheusUrl: string, namespace: string): KubernetesDocument {
  const pods = `{namespace="${namespace}",rollouts_pod_template_hash="{{args.hash}}"}`;
  const failures = `sum(rate(nv_inference_request_failure${pods}[5s]))`;
  const successes = `sum(rate(nv_inference_request_success${pods}[5s]))`;
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: { name: 'errors' },
    spec: {
      args: [{ name: 'hash' }],
      metrics: [
        {
          name: 'errors',
          interval: '1s',
          count: 3,
          failureLimit: 0,
          // Without a request the share is no number, and that is neither.
          successCondition: 'result[0] < 0.05',
          failureCondition: 'result[0] >= 0.05',
          provider: {
            prometheus: {
              address: prometheusUrl,
              query: `${failures} / (${failures} + ${successes})`,
            },
          },
        },
      ],
    },
  };
}
