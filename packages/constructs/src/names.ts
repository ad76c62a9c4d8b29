import type { Construct } from 'constructs';
import { ConstructError } from './construct-error';

/** Suffixes such as `-config` are added, and a Service's name is a DNS label of 63 characters. */
const longest = 50;

/**
 * An id that becomes the name of Kubernetes objects.
 *
 * @throws ConstructError MANARA_NAME
 */
export function validateName(construct: Construct, what: string, name: string): void {
  if (name.length <= longest && /^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name)) return;
  throw new ConstructError(
    'MANARA_NAME',
    construct.node.path,
    `${what}: expected at most ${longest} lower-case letters, digits and "-", starting with a letter; received "${name}"`,
  );
}
