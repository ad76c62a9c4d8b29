import type { KubernetesDocument } from '../../support/documents';
import { rootNamespace } from '../istio/istiod';
import { adminPort } from './bootstrap';

/** Where the gateway's ports are on its pod, by the port of its Service, as in Istio's own chart. */
export const gatewayPorts = {
  http: { service: 80, pod: 8080 },
  https: { service: 443, pod: 8443 },
} as const;

/** Labels by which a Gateway selects the bed's ingress gateway: those that Istio's own chart gives. */
export const gatewayLabels = { app: 'istio-ingressgateway', istio: 'ingressgateway' } as const;

const name = 'istio-ingressgateway';
const metadata = { name, namespace: rootNamespace, labels: gatewayLabels };

/**
 * The ingress gateway: one pod that Envoy plays, because all listen on the same ports of every address.
 * It may read Secrets, for the certificates that a Gateway names.
 */
export const gatewayDocuments: readonly KubernetesDocument[] = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata,
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'watch', 'list'] }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace: rootNamespace }],
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: {
      selector: gatewayLabels,
      ports: Object.entries(gatewayPorts).map(([port, { service, pod }]) => ({
        name: port,
        port: service,
        targetPort: pod,
      })),
    },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas: 1,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: gatewayLabels },
      template: {
        metadata: { labels: gatewayLabels },
        spec: {
          serviceAccountName: name,
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: 'istio-proxy',
              image: 'bed.test/envoy:1.40.0',
              readinessProbe: { httpGet: { path: '/ready', port: adminPort }, periodSeconds: 1 },
            },
          ],
        },
      },
    },
  },
];
