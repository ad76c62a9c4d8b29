import { Yaml } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { otherNamespaces, type OwnsNamespaces } from '../../flows/data-flows';
import { socketFolder } from '../../flows/scan/pods';
import { inNoNamespace } from '../../cluster-object';
import type { ImageName } from '../../image-name';
import type { Labels } from '../../peer';
import type { Site } from '../../site';
import { poolLabel } from '../pool-labels';
import type { GpuPlan } from './gpu-plan';

interface DevicePluginProps {
  readonly site: Site;
  /** The pool's id. */
  readonly pool: string;
  readonly labels: Labels;
  readonly image: ImageName;
  readonly gpus: GpuPlan;
}

const configFile = 'config.yaml';

/**
 * NVIDIA's device plugin on a pool's nodes, in a namespace of its own: it mounts the kubelet's folder, which
 * the site's namespace lets no pod do. Nothing may connect to it, and it may connect to nothing.
 *
 * Source: NVIDIA/k8s-device-plugin v0.20.0, deployments/static and its chart; read 2026-11-23.
 */
export class DevicePlugin extends Construct implements OwnsNamespaces {
  readonly namespace: string;

  constructor(scope: Construct, id: string, props: DevicePluginProps) {
    super(scope, id);
    const { site, pool, gpus } = props;
    this.namespace = `${site.namespaceName}-${pool}`;
    const name = 'nvidia-device-plugin';
    const selector = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': pool };
    const labels = { ...props.labels, ...selector };
    this.addNamespace(props.labels);
    const config = new k8s.KubeConfigMap(this, 'config', {
      metadata: { name, namespace: this.namespace, labels },
      data: { [configFile]: configOf(gpus) },
    });
    new k8s.KubeDaemonSet(this, 'daemon-set', {
      metadata: { name, namespace: this.namespace, labels },
      spec: {
        selector: { matchLabels: selector },
        template: {
          metadata: { labels, annotations: { 'manara.dev/sharing': sharingText(gpus) } },
          spec: podSpec(props, config.name),
        },
      },
    });
  }

  [otherNamespaces](): readonly string[] {
    return [this.namespace];
  }

  private addNamespace(labels: Labels): void {
    const namespace = new k8s.KubeNamespace(this, 'namespace', {
      metadata: {
        name: this.namespace,
        labels: { ...labels, 'pod-security.kubernetes.io/enforce': 'privileged' },
      },
    });
    inNoNamespace(namespace);
    new k8s.KubeNetworkPolicy(this, 'default-deny', {
      metadata: { name: 'default-deny', namespace: this.namespace },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
  }
}

function podSpec({ site, pool, image, gpus }: DevicePluginProps, config: string): k8s.PodSpec {
  const share = {
    cpu: k8s.Quantity.fromString('50m'),
    memory: k8s.Quantity.fromString('128Mi'),
  };
  return {
    nodeSelector: { [poolLabel]: pool },
    // It serves the node, whatever its pool keeps off.
    tolerations: [{ operator: 'Exists' }],
    priorityClassName: 'system-node-critical',
    automountServiceAccountToken: false,
    containers: [
      {
        name: 'nvidia-device-plugin',
        image: site.images.image(image.name, image.tag, image.digest),
        args: [`--config-file=/config/${configFile}`],
        env:
          gpus.sharing.kind === 'mig' ? [{ name: 'NVIDIA_MIG_MONITOR_DEVICES', value: 'all' }] : [],
        resources: { requests: share, limits: { memory: share.memory } },
        // Root, as the kubelet's folder is root's; it watches GPU instances by a capability of its own.
        securityContext: {
          runAsUser: 0,
          allowPrivilegeEscalation: false,
          capabilities: {
            drop: ['ALL'],
            ...(gpus.sharing.kind === 'mig' ? { add: ['SYS_ADMIN'] } : {}),
          },
        },
        volumeMounts: [
          { name: 'device-plugins', mountPath: socketFolder },
          { name: 'config', mountPath: '/config', readOnly: true },
        ],
      },
    ],
    volumes: [
      { name: 'device-plugins', hostPath: { path: socketFolder, type: 'Directory' } },
      { name: 'config', configMap: { name: config } },
    ],
  };
}

/**
 * A configuration of NVIDIA's device plugin, of its version `v1`.
 *
 * @param mig whether GPUs may be partitioned: each instance then counts as a GPU
 * @param replicas pods that take turns on a GPU
 */
export function pluginConfig(mig: boolean, replicas?: number): string {
  const resources = [{ name: 'nvidia.com/gpu', replicas }];
  return Yaml.stringify({
    version: 'v1',
    flags: { migStrategy: mig ? 'single' : 'none' },
    ...(replicas === undefined
      ? {}
      : { sharing: { timeSlicing: { failRequestsGreaterThanOne: true, resources } } }),
  });
}

function configOf({ sharing }: GpuPlan): string {
  return sharing.kind === 'time-slicing'
    ? pluginConfig(false, sharing.replicas)
    : pluginConfig(sharing.kind === 'mig');
}

/** On the pods, so that another way of sharing replaces them. */
function sharingText({ sharing }: GpuPlan): string {
  if (sharing.kind === 'none') return 'none';
  return sharing.kind === 'mig' ? sharing.profile : `time-slicing-${sharing.replicas}`;
}
