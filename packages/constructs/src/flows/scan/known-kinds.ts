import type { ApiObject } from 'cdk8s';

/**
 * Kinds that move no data by themselves: what they may hold (containers, addresses, texts) is read. Any
 * other kind is refused, unless a construct answers for it by declaring its flows: a controller that is
 * not known here may open a gateway, mirror traffic or copy a disk. `core` is the group of `v1`.
 */
const namespaced: Readonly<Record<string, readonly string[]>> = {
  core: [
    'ConfigMap',
    'Endpoints',
    'LimitRange',
    'PersistentVolumeClaim',
    'Pod',
    'PodTemplate',
    'ReplicationController',
    'ResourceQuota',
    'Secret',
    'Service',
    'ServiceAccount',
  ],
  apps: ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  autoscaling: ['HorizontalPodAutoscaler'],
  batch: ['CronJob', 'Job'],
  'coordination.k8s.io': ['Lease'],
  'discovery.k8s.io': ['EndpointSlice'],
  'keda.sh': ['ScaledObject', 'TriggerAuthentication'],
  'monitoring.coreos.com': ['PodMonitor', 'PrometheusRule', 'ServiceMonitor'],
  'networking.istio.io': [
    'DestinationRule',
    'Gateway',
    'ServiceEntry',
    'Sidecar',
    'VirtualService',
    'WorkloadEntry',
  ],
  'networking.k8s.io': ['NetworkPolicy'],
  policy: ['PodDisruptionBudget'],
  'rbac.authorization.k8s.io': ['Role', 'RoleBinding'],
  'resource.k8s.io': ['ResourceClaim', 'ResourceClaimTemplate'],
  'security.istio.io': ['AuthorizationPolicy', 'PeerAuthentication'],
};

const clusterWide: Readonly<Record<string, readonly string[]>> = {
  core: ['Namespace'],
  'karpenter.azure.com': ['AKSNodeClass'],
  'karpenter.k8s.aws': ['EC2NodeClass'],
  'karpenter.sh': ['NodeOverlay', 'NodePool'],
  'nvidia.com': ['ClusterPolicy'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding'],
  'resource.k8s.io': ['DeviceClass'],
  'scheduling.k8s.io': ['PriorityClass'],
};

/** Where objects of a kind live; `undefined` for a kind that is not known to open no way out. */
export function scopeOfKind({ apiGroup, kind }: ApiObject): 'namespace' | 'cluster' | undefined {
  if (has(namespaced, apiGroup, kind)) return 'namespace';
  return has(clusterWide, apiGroup, kind) ? 'cluster' : undefined;
}

function has(table: typeof namespaced, group: string, kind: string): boolean {
  return Object.hasOwn(table, group) && table[group]?.includes(kind) === true;
}
