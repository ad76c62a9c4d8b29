import type { Source } from '@manara/residency';

/** What AWS's device plugin for EFA needs of its node, and of its pod. */
export const efaDevicePlugin = {
  /** Folders of the node, by what we call their volumes. Neuron's, which AWS mounts too, is for its chips. */
  folders: {
    kubelet: '/var/lib/kubelet/device-plugins',
    devices: '/dev/infiniband',
  },
  /** What AWS asks for; its limits are those that it suggests. */
  resources: {
    requests: { cpu: '10m', memory: '20Mi' },
    limits: { cpu: '100m', memory: '128Mi' },
  },
} as const;

export const efaDevicePluginSources: readonly Source[] = [
  {
    title:
      'aws-efa-k8s-device-plugin, chart 0.5.30 with image v0.5.20: volumes, host network, resources',
    where: 'aws/eks-charts on GitHub, stable/aws-efa-k8s-device-plugin, bfe91c4 of 2026-07-21',
    standing: 'primary',
    read: '2026-11-22',
  },
  {
    title:
      'Update efa device plugin daemonset config: privileged since September 2025, to read Neuron devices',
    where: 'aws/eks-charts on GitHub, pull request 1245',
    standing: 'primary',
    read: '2026-11-22',
  },
  {
    title: 'Bump aws-efa to v0.5.26: image v0.5.18 without privileges on p5, tried on Ubuntu',
    where: 'NVIDIA/aicr on GitHub, pull request 872',
    standing: 'secondary',
    read: '2026-11-22',
  },
  {
    title: 'Issue with efa device plugin running as root: it cannot run as another user',
    where: 'eksctl-io/eksctl on GitHub, issue 6222',
    standing: 'secondary',
    read: '2026-11-22',
  },
];
