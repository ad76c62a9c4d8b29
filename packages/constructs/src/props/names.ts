import type { IConstruct } from 'constructs';
import { ConstructError } from '../construct-error';
import { shown } from './props';

/** Suffixes such as `-config` are added, and a Service's name is a DNS label of 63 characters. */
const longest = 50;

/**
 * A name of Kubernetes objects.
 *
 * @param at construct path
 * @param what the prop
 * @throws ConstructError MANARA_NAME
 */
export function validateName(at: string, what: string, name: string): void {
  if (
    typeof name === 'string' &&
    name.length <= longest &&
    /^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name)
  )
    return;
  throw new ConstructError(
    'MANARA_NAME',
    at,
    `${what}: expected at most ${longest} lower-case letters, digits and "-", starting with a letter; received ${shown(name)}`,
  );
}

/**
 * An id that becomes the name of Kubernetes objects, and that nothing else in the scope has.
 *
 * @returns the path that the construct will have
 * @throws ConstructError MANARA_NAME
 */
export function validateId(scope: IConstruct, id: string): string {
  const at = scope.node.path === '' ? id : `${scope.node.path}/${id}`;
  validateName(at, 'id', id);
  if (scope.node.tryFindChild(id) === undefined) return at;
  throw new ConstructError(
    'MANARA_NAME',
    at,
    `id: expected one that nothing else in "${scope.node.path}" has; "${id}" is taken`,
  );
}
