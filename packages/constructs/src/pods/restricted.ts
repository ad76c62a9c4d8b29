import { container } from '@manara/contract';
import type { k8s } from 'cdk8s-plus-28';

/** What Pod Security "restricted" asks of a pod. */
export const restrictedPod: k8s.PodSecurityContext = {
  runAsUser: container.uid,
  runAsGroup: container.uid,
  runAsNonRoot: true,
  fsGroup: container.uid,
  seccompProfile: { type: 'RuntimeDefault' },
};

/** What Pod Security "restricted" asks of a container, and a read-only root. */
export const restrictedContainer: k8s.SecurityContext = {
  runAsNonRoot: true,
  readOnlyRootFilesystem: true,
  allowPrivilegeEscalation: false,
  privileged: false,
  capabilities: { drop: ['ALL'] },
};
