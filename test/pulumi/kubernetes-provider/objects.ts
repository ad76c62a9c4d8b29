import { isObject, type JsonObject, without } from '../plugin/json';
import type { KubernetesDocument } from '../../support/documents';

/** `namespace/name`, or `name` in no namespace: how the official provider identifies an object. */
export function idOf({ metadata }: JsonObject): string {
  const { namespace, name } = isObject(metadata) ? metadata : {};
  return [namespace, name].filter((part) => typeof part === 'string').join('/');
}

/** What an id and the type of a resource say of its object: enough to read or delete it. */
export function identity(id: string, type: string): KubernetesDocument {
  const [name = '', namespace] = id.split('/').reverse();
  const [, version = '', kind = ''] = /^kubernetes:(.+):([^:]+)$/.exec(type) ?? [];
  // The official package calls the group that has no name "core".
  const apiVersion = version.replace(/^core\//, '');
  return { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
}

/** An object as a document of the API; its inputs were checked. */
export function documentOf(object: JsonObject): KubernetesDocument {
  return object as unknown as KubernetesDocument;
}

/** Fields that the server alone writes: no program may set them. */
const readOnly = [
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'uid',
];
const serverAnnotations = [
  'deployment.kubernetes.io/revision',
  'kubectl.kubernetes.io/last-applied-configuration',
];

/** The inputs that would have made an object: what an import takes over. */
export function inputsOf(live: JsonObject): JsonObject {
  const kept = without(live.metadata, readOnly);
  const annotations = without(kept.annotations, serverAnnotations);
  return {
    ...without(live, ['status']),
    metadata: {
      ...without(kept, ['annotations']),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
  };
}
