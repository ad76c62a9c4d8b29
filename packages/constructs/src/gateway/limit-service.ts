import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { Peer } from '../peer';
import { egressRules, peersOf, tcp } from '../pods/network-rules';
import { portOf, schemeOf } from '../props/uri';
import { apiVersions } from './api-versions';
import type { SharedLimits } from './gateway-props';
import { limitRules } from './limit-rules';
import type { LoweredGateway } from './lowered-gateway';
import { limitServiceName, limitServicePort, sharedLimitConfig } from './shared-limits';
import type { Place } from '@manara/residency';

const configAnnotation = 'manara.dev/limits';
const healthPort = 8080;

/** Envoy's rate-limit service, which counts in a Redis for all of a gateway's pods. */
export function addLimitService(scope: Construct, gateway: LoweredGateway): void {
  const { sharedLimits } = gateway.props;
  const rules = limitRules(gateway);
  if (sharedLimits === undefined || rules.length === 0) return;
  const name = limitServiceName(gateway);
  const podLabels = {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/component': 'rate-limits',
  };
  const labels = { ...gateway.labels, ...podLabels };
  const metadata = { name, labels };
  const config = `${JSON.stringify(sharedLimitConfig(gateway, rules), null, 2)}\n`;
  new k8s.KubeServiceAccount(scope, 'limits-account', {
    metadata,
    automountServiceAccountToken: false,
  });
  new k8s.KubeDeployment(scope, 'limits', {
    metadata,
    spec: {
      replicas: 2,
      selector: { matchLabels: podLabels },
      template: {
        metadata: { labels, annotations: { [configAnnotation]: config } },
        spec: podSpec(gateway, name, sharedLimits),
      },
    },
  });
  new k8s.KubeService(scope, 'limits-service', {
    metadata,
    spec: {
      selector: podLabels,
      ports: [{ name: 'grpc', port: limitServicePort, protocol: 'TCP' }],
    },
  });
  new k8s.KubePodDisruptionBudget(scope, 'limits-budget', {
    metadata,
    spec: {
      maxUnavailable: k8s.IntOrString.fromNumber(1),
      selector: { matchLabels: podLabels },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  });
  const gatewayPods = Peer.pods(gateway.site.namespaceName, gateway.podLabels);
  const ways = [{ peer: sharedLimits.peer, port: portOf(sharedLimits.uri) }];
  new k8s.KubeNetworkPolicy(scope, 'limits-network', {
    metadata,
    spec: {
      podSelector: { matchLabels: podLabels },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [...peersOf(gatewayPods)], ports: [...tcp(limitServicePort)] }],
      egress: [...egressRules(ways, gateway.site.dns)],
    },
  });
  new ApiObject(scope, 'limits-access', {
    apiVersion: apiVersions.security,
    kind: 'AuthorizationPolicy',
    metadata,
    spec: {
      selector: { matchLabels: podLabels },
      action: 'ALLOW',
      rules: [
        {
          from: [
            {
              source: { principals: [`*/ns/${gateway.site.namespaceName}/sa/${gateway.name}`] },
            },
          ],
          to: [{ operation: { ports: [String(limitServicePort)] } }],
        },
      ],
    },
  });
}

function podSpec(
  { site }: LoweredGateway,
  serviceAccountName: string,
  { uri, password, image }: SharedLimits<Place>,
): k8s.PodSpec {
  const folder = '/config/ratelimit/config';
  const values = {
    LOG_LEVEL: 'warn',
    LOG_FORMAT: 'json',
    DISABLE_STATS: 'true',
    RUNTIME_ROOT: '/config',
    RUNTIME_SUBDIRECTORY: 'ratelimit',
    RUNTIME_WATCH_ROOT: 'false',
    // Of the volume's own, by which Kubernetes replaces files.
    RUNTIME_IGNOREDOTFILES: 'true',
    BACKEND_TYPE: 'redis',
    REDIS_SOCKET_TYPE: 'tcp',
    REDIS_URL: `${new URL(uri).hostname}:${portOf(uri)}`,
    REDIS_TLS: String(schemeOf(uri) === 'rediss:'),
    REDIS_TIMEOUT: '1s',
    PORT: String(healthPort),
    GRPC_PORT: String(limitServicePort),
  };
  const quantity = (text: string) => k8s.Quantity.fromString(text);
  return {
    serviceAccountName,
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'ratelimit',
        image: site.images.image(image.name, image.tag, image.digest),
        command: ['/bin/ratelimit'],
        env: [
          ...Object.entries(values).map(([name, value]) => ({ name, value })),
          ...(password === undefined
            ? []
            : [
                {
                  name: 'REDIS_AUTH',
                  valueFrom: { secretKeyRef: { name: password, key: 'password' } },
                },
              ]),
        ],
        ports: [{ name: 'grpc', containerPort: limitServicePort }],
        readinessProbe: {
          httpGet: { path: '/healthcheck', port: k8s.IntOrString.fromNumber(healthPort) },
        },
        resources: {
          requests: { cpu: quantity('100m'), memory: quantity('64Mi') },
          limits: { cpu: quantity('1000m'), memory: quantity('256Mi') },
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          runAsUser: 65_532,
          runAsGroup: 65_532,
        },
        volumeMounts: [{ name: 'limits', mountPath: folder, readOnly: true }],
      },
    ],
    volumes: [
      {
        name: 'limits',
        downwardApi: {
          items: [
            {
              path: 'limits.yaml',
              fieldRef: {
                apiVersion: 'v1',
                fieldPath: `metadata.annotations['${configAnnotation}']`,
              },
            },
          ],
        },
      },
    ],
  };
}
