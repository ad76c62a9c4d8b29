import { isList, isObject, type Json } from './json';

/** Where something is in an object: `['spec', 'ports', 0]`. */
export type Path = readonly (string | number)[];

export interface Change {
  readonly path: Path;
  readonly kind: 'add' | 'delete' | 'update';
}

/** The leaves in which two values differ. */
export function changes(from: Json | undefined, to: Json | undefined, path: Path = []): Change[] {
  if (isObject(from) && isObject(to)) {
    const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
    return [...keys].flatMap((key) => changes(from[key], to[key], [...path, key]));
  }
  if (isList(from) && isList(to)) {
    const length = Math.max(from.length, to.length);
    return Array.from({ length }, (_, i) => changes(from[i], to[i], [...path, i])).flat();
  }
  if (from === to) return [];
  return [{ path, kind: from === undefined ? 'add' : to === undefined ? 'delete' : 'update' }];
}

/** A path as Pulumi writes it: `spec.ports[0]`, `data["config.json"]`. */
export function pathText(path: Path): string {
  return path
    .map((step) => {
      if (typeof step === 'number') return `[${step}]`;
      return /^[A-Za-z_$][\w$]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
    })
    .join('')
    .replace(/^\./, '');
}
