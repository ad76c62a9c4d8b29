import { configAnnotation, configFileName, container, type ServerConfig } from '@manara/contract';
import { JsonPatch } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-28';
import { ConstructError } from '../../construct-error';
import { fileVolume, maxAnnotationBytes } from '../parts/pod-files';

/**
 * The server's file as the annotation of a pods' template. There each generation of pods keeps its own, also
 * where a pod of an old one starts again while a new one is tried, and another file makes other pods.
 *
 * @throws ConstructError MANARA_ENGINE for a file that no annotation holds
 */
export function configAnnotations(
  at: string,
  config: ServerConfig,
): Readonly<Record<string, string>> {
  const text = `${JSON.stringify(config, null, 2)}\n`;
  const bytes = Buffer.byteLength(text);
  if (bytes > maxAnnotationBytes) throw tooLong(at, config, bytes);
  return { [configAnnotation]: text };
}

function tooLong(at: string, config: ServerConfig, bytes: number): ConstructError {
  const parts = Object.entries(config)
    .map(([key, value]) => ({ key, size: Buffer.byteLength(JSON.stringify({ value }, null, 2)) }))
    .sort((a, b) => b.size - a.size);
  const largest = parts[0]?.key ?? '';
  const prop = largest === 'models' ? 'versions' : `server.config.${largest}`;
  return new ConstructError(
    'MANARA_ENGINE',
    at,
    `${prop}: the longest part of the server's file, which the pods carry in an annotation; expected a file of at most ${maxAnnotationBytes} bytes, received ${bytes}; make the part shorter, or spread it over several endpoints`,
  );
}

const volume = fileVolume('config', [{ annotation: configAnnotation, name: configFileName }]);

const mount: k8s.VolumeMount = {
  name: volume.name,
  mountPath: container.configFolder,
  readOnly: true,
};

/** What mounts the annotation in both containers of a Deployment: cdk8s-plus has no such volume. */
export const configMounts: readonly JsonPatch[] = [
  JsonPatch.add('/spec/template/spec/volumes/0', volume),
  JsonPatch.add('/spec/template/spec/containers/0/volumeMounts/0', mount),
  JsonPatch.add('/spec/template/spec/initContainers/0/volumeMounts/0', mount),
];
