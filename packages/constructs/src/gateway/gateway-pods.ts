import { unlessAbsent } from '../absent';
import { k8s } from 'cdk8s-plus-28';
import { ports } from '@manara/contract';
import type { Construct } from 'constructs';
import { Peer } from '../peer';
import { egressRules, nonEmpty, peersOf, tcp, type WayOut } from '../pods/network-rules';
import { gatewaySize } from './gateway-size';
import type { LoweredGateway } from './lowered-gateway';
import { limitServiceName, limitServicePort } from './shared-limits';

/** Ports of a gateway's pods. Source: Istio 1.31, "Application Requirements"; read 2026-11. */
const proxyPorts = { https: 8443, metrics: 15_020, status: 15_021 } as const;

/** The pods of a gateway, and what keeps, finds and closes them. */
export function addGatewayPods(scope: Construct, gateway: LoweredGateway): void {
  addServiceAccount(scope, gateway);
  addDeployment(scope, gateway);
  addService(scope, gateway);
  addScaling(scope, gateway);
  addNetworkPolicies(scope, gateway);
}

function metadata({ name, labels }: LoweredGateway): k8s.ObjectMeta {
  return { name, labels: { ...labels } };
}

/**
 * The mesh's control plane gives a proxy the certificate of a Secret only where its account may list them.
 * The pods themselves have no token that the API server takes.
 */
function addServiceAccount(scope: Construct, gateway: LoweredGateway): void {
  const { name, site } = gateway;
  new k8s.KubeServiceAccount(scope, 'service-account', {
    metadata: metadata(gateway),
    automountServiceAccountToken: false,
  });
  new k8s.KubeRole(scope, 'role', {
    metadata: metadata(gateway),
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'watch'] }],
  });
  new k8s.KubeRoleBinding(scope, 'role-binding', {
    metadata: metadata(gateway),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace: site.namespaceName }],
  });
}

function addDeployment(scope: Construct, gateway: LoweredGateway): void {
  const { name, podLabels, labels, site, props } = gateway;
  const size = gatewaySize(gateway);
  new k8s.KubeDeployment(scope, 'deployment', {
    metadata: metadata(gateway),
    spec: {
      selector: { matchLabels: { ...podLabels } },
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: {
          maxUnavailable: k8s.IntOrString.fromNumber(0),
          maxSurge: k8s.IntOrString.fromNumber(1),
        },
      },
      template: {
        metadata: {
          labels: { ...labels, ...podLabels, 'sidecar.istio.io/inject': 'true' },
          // The mesh's control plane fills in how the proxy starts; the image stays the one below.
          annotations: { 'inject.istio.io/templates': 'gateway' },
        },
        spec: {
          serviceAccountName: name,
          // Requests that are under way end before the proxy does.
          terminationGracePeriodSeconds: 60,
          securityContext: {
            runAsNonRoot: true,
            seccompProfile: { type: 'RuntimeDefault' },
            sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }],
          },
          containers: [
            {
              name: 'istio-proxy',
              image: site.images.image(props.proxy.name, props.proxy.tag, props.proxy.digest),
              ports: [{ name: 'https', containerPort: proxyPorts.https }],
              resources: size.resources,
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ['ALL'] },
                privileged: false,
                readOnlyRootFilesystem: true,
                runAsNonRoot: true,
                runAsUser: 1337,
                runAsGroup: 1337,
              },
            },
          ],
          topologySpreadConstraints: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map(
            (topologyKey) => ({
              maxSkew: 1,
              topologyKey,
              whenUnsatisfiable: 'ScheduleAnyway',
              matchLabelKeys: ['pod-template-hash'],
              labelSelector: { matchLabels: { ...podLabels } },
            }),
          ),
        },
      },
    },
  });
}

/** Load balancers that no other network than the site's reaches. */
const internalLoadBalancer: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // Source: AWS Load Balancer Controller, "Annotations"; read 2026-11.
  aws: {
    'service.beta.kubernetes.io/aws-load-balancer-type': 'external',
    'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
    'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'ip',
  },
  // Source: Microsoft Learn, "Use an internal load balancer with Azure Kubernetes Service"; read 2026-11.
  azure: { 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' },
};

function addService(scope: Construct, gateway: LoweredGateway): void {
  const { site, podLabels, props } = gateway;
  const ranges = props.from.flatMap(({ cidrs }) => cidrs);
  const cloud = site.place.slice(0, site.place.indexOf(':'));
  const outside =
    ranges.length === 0
      ? { type: 'ClusterIP' }
      : { type: 'LoadBalancer', loadBalancerSourceRanges: ranges };
  new k8s.KubeService(scope, 'service', {
    metadata: {
      ...metadata(gateway),
      ...(ranges.length === 0 ? {} : { annotations: { ...internalLoadBalancer[cloud] } }),
    },
    spec: {
      ...outside,
      selector: { ...podLabels },
      ports: [
        {
          name: 'https',
          port: 443,
          protocol: 'TCP',
          targetPort: k8s.IntOrString.fromNumber(proxyPorts.https),
        },
      ],
    },
  });
}

function addScaling(scope: Construct, gateway: LoweredGateway): void {
  const { name, podLabels } = gateway;
  const { minReplicas, maxReplicas } = gatewaySize(gateway);
  new k8s.KubeHorizontalPodAutoscalerV2(scope, 'autoscaler', {
    metadata: metadata(gateway),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas,
      maxReplicas,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } },
        },
      ],
    },
  });
  new k8s.KubePodDisruptionBudget(scope, 'disruption-budget', {
    metadata: metadata(gateway),
    spec: {
      maxUnavailable: k8s.IntOrString.fromNumber(1),
      selector: { matchLabels: { ...podLabels } },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  });
}

function addNetworkPolicies(scope: Construct, gateway: LoweredGateway): void {
  const { name, labels, site, podLabels, props, behind } = gateway;
  const scrapers = unlessAbsent(site.metrics)?.scrapedBy;
  const own = Peer.pods(site.namespaceName, podLabels);
  const servers = behind.map(({ workload }) => Peer.pods(site.namespaceName, workload.podLabels));
  const ways = [
    ...servers.flatMap((peer) => [ports.http, ports.grpc].map((port) => ({ peer, port }))),
    ...limitWays(gateway),
  ];
  new k8s.KubeNetworkPolicy(scope, 'network-policy', {
    metadata: metadata(gateway),
    spec: {
      podSelector: { matchLabels: { ...podLabels } },
      policyTypes: ['Ingress', 'Egress'],
      ...nonEmpty({
        ingress: [
          { from: props.from.flatMap(peersOf), ports: [...tcp(proxyPorts.https)] },
          ...(scrapers === undefined
            ? []
            : [{ from: [...peersOf(scrapers)], ports: [...tcp(proxyPorts.metrics)] }]),
        ],
        egress: [...egressRules(ways, site.dns)],
      }),
    },
  });
  for (const { name: endpoint, workload } of behind) {
    new k8s.KubeNetworkPolicy(scope, `way-in-to-${endpoint}`, {
      metadata: { name: `${name}-to-${endpoint}`, labels: { ...labels } },
      spec: {
        podSelector: { matchLabels: { ...workload.podLabels } },
        policyTypes: ['Ingress'],
        ingress: [{ from: [...peersOf(own)], ports: [...tcp(ports.http, ports.grpc)] }],
      },
    });
  }
}

/** To what counts for all of its pods, where there is one. */
function limitWays(gateway: LoweredGateway): readonly WayOut[] {
  if (gateway.props.sharedLimits === undefined) return [];
  const labels = { 'app.kubernetes.io/name': limitServiceName(gateway) };
  return [{ peer: Peer.pods(gateway.site.namespaceName, labels), port: limitServicePort }];
}
