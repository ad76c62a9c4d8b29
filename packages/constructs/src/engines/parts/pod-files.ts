import type { k8s } from 'cdk8s-plus-28';
import { ConstructError } from '../../construct-error';

/** A text that a pod carries in an annotation of its template, to be mounted as a file. */
export interface PodFile {
  readonly annotation: string;
  /** Name in the volume. */
  readonly name: string;
  readonly text: string;
}

/**
 * Kubernetes takes 256 KiB of annotations; what is left is for those that meshes and networks add to a pod.
 * Source: k8s.io/apimachinery, TotalAnnotationSizeLimitB; read 2026-11.
 */
export const maxAnnotationBytes = 240 * 1024;

/**
 * Annotations with the texts. There each generation of pods keeps its own, also where a pod of an old one
 * starts again while a new one is tried, and another text makes other pods.
 *
 * @throws ConstructError MANARA_ENGINE for texts that no annotations hold
 */
export function fileAnnotations(
  at: string,
  files: readonly PodFile[],
): Readonly<Record<string, string>> {
  const bytes = files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  if (bytes > maxAnnotationBytes) {
    throw new ConstructError(
      'MANARA_ENGINE',
      at,
      `engine: pods carry the configurations of their models in annotations; expected at most ${maxAnnotationBytes} bytes, received ${bytes}; fix: spread the models over several endpoints`,
    );
  }
  return Object.fromEntries(files.map(({ annotation, text }) => [annotation, text]));
}

/** A volume with the texts as files. */
export function fileVolume(
  name: string,
  files: readonly Pick<PodFile, 'annotation' | 'name'>[],
): k8s.Volume {
  return {
    name,
    downwardApi: {
      items: files.map((file) => ({
        path: file.name,
        fieldRef: {
          // The API server's default, and part of a list that it compares as one: left out, a server-side
          // apply conflicts with whoever created the Deployment in another way.
          apiVersion: 'v1',
          fieldPath: `metadata.annotations['${file.annotation}']`,
        },
      })),
    },
  };
}
