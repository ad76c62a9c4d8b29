import { imageGrammar, type ImageName, kinds } from '@manara/constructs';
import { checkArgs, checkNeighbour, type CloudEnd, lateOutput, refuseArg } from '@manara/pulumi';
import type { DataFlow, Place } from '@manara/residency';
import { DaemonSet } from '@pulumi/kubernetes/apps/v1/daemonSet';
import type { ComponentResourceOptions } from '@pulumi/pulumi';
import { AwsComponent } from './aws-component';
import { type EksServingCluster, eksServingCluster } from './eks-serving-cluster';
import { efaDevicePlugin } from './facts/efa-device-plugin';
import { type ImageRegistry, imageRegistry } from './image-registry';
import { efaLabel } from './nodes/node-pool';

export interface EfaDevicePluginArgs<P extends Place> {
  /** Cluster that it runs in, on the nodes of every `GpuNodePool` with `efa`. */
  readonly cluster: EksServingCluster<P>;
  /** Registry of the same place that holds the image. */
  readonly images: ImageRegistry<NoInfer<P>>;
  /** AWS's image as it was mirrored: one of the registry's repositories. */
  readonly image: ImageName;
  /**
   * Whether the plugin has all rights on its node, as AWS's own chart gives it since September 2025, for
   * chips that no `GpuNodePool` has. Without them it is root, and has no capability.
   * @default false
   */
  readonly privileged?: boolean;
}

const kind = {
  cloud: 'aws',
  name: 'EfaDevicePlugin',
  does: 'Offers EFA to pods, on the nodes that have it',
} as const;

const argKinds = {
  cluster: eksServingCluster,
  images: imageRegistry,
  image: kinds.imageName,
  privileged: kinds.optional(kinds.kind('true or false', (value) => typeof value === 'boolean')),
};

/**
 * AWS's device plugin for EFA on the nodes that have EFA: it offers `vpc.amazonaws.com/efa` to pods. It
 * is in no image of a node, and mounts the kubelet's folder, which a site's namespace lets no pod do.
 */
export class EfaDevicePlugin<const P extends Place = Place> extends AwsComponent<P> {
  /**
   * @throws DeployError MANARA_ARGS for an argument that cannot be used, MANARA_PLACE for a registry of
   * another place; and those of AwsComponent
   */
  constructor(name: string, args: EfaDevicePluginArgs<P>, opts?: ComponentResourceOptions) {
    checkArgs(kind, name, args, argKinds);
    const { cluster, images, image, privileged = false } = args;
    const { zone, place } = cluster;
    checkNeighbour(kind, name, 'images', cluster, images);
    checkImage(name, images, image);
    super(kind, name, { zone, place }, (self) => pluginFlows(self, args), opts);
    addPlugin(this, args, privileged);
    this.registerOutputs();
  }
}

function checkImage(
  component: string,
  images: ImageRegistry,
  { name, tag, digest }: ImageName,
): void {
  const repositories = Object.keys(images.repositoryArns);
  if (!repositories.includes(name)) {
    refuseArg(
      kind,
      component,
      'image.name',
      `a repository of ImageRegistry "${images.name}": ${repositories.join(', ')}`,
      name,
    );
  }
  if (!imageGrammar.tag.test(tag)) {
    refuseArg(kind, component, 'image.tag', 'the tag of an image, such as v0.5.20', tag);
  }
  if (digest !== undefined && !imageGrammar.digest.test(digest)) {
    const expected = 'sha256: and 64 lower-case hexadecimal digits';
    refuseArg(kind, component, 'image.digest', expected, digest);
  }
}

function addPlugin(
  component: EfaDevicePlugin,
  { cluster, images, image }: EfaDevicePluginArgs<Place>,
  privileged: boolean,
): void {
  const { name, zone } = component;
  const selector = {
    'app.kubernetes.io/name': 'efa-device-plugin',
    'app.kubernetes.io/instance': name,
  };
  const labels = {
    ...selector,
    'app.kubernetes.io/part-of': zone.name,
    'app.kubernetes.io/managed-by': 'manara',
  };
  const folders = Object.entries(efaDevicePlugin.folders);
  new DaemonSet(
    name,
    {
      metadata: { name, namespace: 'kube-system', labels },
      spec: {
        selector: { matchLabels: selector },
        template: {
          metadata: { labels },
          spec: {
            nodeSelector: efaLabel,
            // It serves the node, whatever its pool keeps off.
            tolerations: [{ operator: 'Exists' }],
            priorityClassName: 'system-node-critical',
            automountServiceAccountToken: false,
            hostNetwork: true,
            containers: [
              {
                name: 'efa-device-plugin',
                image: lateOutput(images.registry.image(image.name, image.tag, image.digest)),
                resources: efaDevicePlugin.resources,
                securityContext: privileged ? allRights : restricted,
                volumeMounts: folders.map(([folder, path]) => ({ name: folder, mountPath: path })),
              },
            ],
            volumes: folders.map(([folder, path]) => ({
              name: folder,
              hostPath: { path, type: 'Directory' },
            })),
          },
        },
      },
    },
    { parent: component, provider: cluster.provider },
  );
}

/** Root, as the kubelet's folder is root's. */
const restricted = {
  runAsUser: 0,
  privileged: false,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
};
const allRights = { runAsUser: 0, privileged: true };

function pluginFlows(
  self: CloudEnd,
  { cluster, images }: EfaDevicePluginArgs<Place>,
): readonly DataFlow[] {
  return [
    {
      status: 'declared',
      kind: 'image',
      owner: self.owner,
      dataClasses: [],
      from: {
        name: `image registry ${images.name}`,
        place: images.place,
        uri: `https://${images.registry.prefix}`,
      },
      to: { name: `nodes of cluster ${cluster.name}`, place: cluster.place },
      encryption: 'tls',
    },
  ];
}
