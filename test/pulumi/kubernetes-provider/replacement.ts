import type { Change } from '../plugin/changes';
import { isObject, type JsonObject, text } from '../plugin/json';

/** Fields that no update can change: another object has to be made. */
const fixed: Readonly<Record<string, readonly string[]>> = {
  // Source: API reference of Kubernetes v1.36, fields documented as immutable.
  Deployment: ['spec.selector'],
  DaemonSet: ['spec.selector'],
  StatefulSet: ['spec.selector', 'spec.serviceName', 'spec.volumeClaimTemplates'],
  Job: ['spec.selector', 'spec.template', 'spec.completions'],
  PersistentVolumeClaim: ['spec.accessModes', 'spec.storageClassName', 'spec.volumeName'],
  Service: ['spec.clusterIP'],
  RoleBinding: ['roleRef'],
  ClusterRoleBinding: ['roleRef'],
  Secret: ['type'],
};

export interface Mutability {
  readonly configMaps: boolean;
  readonly secrets: boolean;
}

/**
 * Those changes that need another object. As with the official provider these are, unless its options
 * say otherwise, all changes of what a ConfigMap or Secret holds.
 */
export function replacing(
  object: JsonObject,
  changes: readonly Change[],
  mutable: Mutability,
): readonly Change[] {
  const kind = text(object.kind);
  const prefixes = [
    'kind',
    'metadata.name',
    'metadata.namespace',
    ...(fixed[kind] ?? []),
    ...contents(kind, object, mutable),
  ];
  return changes.filter(({ path }) => {
    const text = path.join('.');
    return prefixes.some((prefix) => text === prefix || text.startsWith(`${prefix}.`));
  });
}

function contents(kind: string, object: JsonObject, mutable: Mutability): readonly string[] {
  const frozen = object.immutable === true;
  if (kind === 'ConfigMap' && (frozen || !mutable.configMaps)) return ['data', 'binaryData'];
  if (kind === 'Secret' && (frozen || !mutable.secrets)) return ['data', 'stringData'];
  return [];
}

/** Whether the new object bears the old one's name, so that the old one has to go first. */
export function sameObject(a: JsonObject, b: JsonObject): boolean {
  return namespaceOf(a) === namespaceOf(b) && nameOf(a) === nameOf(b);
}

function nameOf({ metadata }: JsonObject): unknown {
  return isObject(metadata) ? metadata.name : undefined;
}

function namespaceOf({ metadata }: JsonObject): unknown {
  return (isObject(metadata) ? metadata.namespace : undefined) ?? 'default';
}
