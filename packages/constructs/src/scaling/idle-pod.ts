import { container } from '@manara/contract';
import { Lazy } from 'cdk8s';
import type { ManifestRecord } from '../manifest';
import type { IdleImage } from './scaled-workload';

/**
 * A pod that does nothing, and goes at once when it is asked to.
 *
 * @param resources of each of its containers
 */
export function idlePod(
  { image, command }: IdleImage,
  resources: readonly ManifestRecord[],
): ManifestRecord {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 0,
    securityContext: {
      runAsUser: container.uid,
      runAsGroup: container.uid,
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: resources.map((one, i) => ({
      name: i === 0 ? 'idle' : `idle-${i + 1}`,
      image,
      imagePullPolicy: 'IfNotPresent',
      command: [...command],
      resources: one,
      securityContext: restricted,
    })),
  };
}

/** A part of a manifest that is read when the tree is synthesized: a pool of nodes may have its say after the engine. */
export function atSynth(produce: () => ManifestRecord): unknown {
  return Lazy.any({ produce });
}

/** What Pod Security "restricted" asks for, and a read-only root. */
const restricted = {
  runAsNonRoot: true,
  readOnlyRootFilesystem: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
};
