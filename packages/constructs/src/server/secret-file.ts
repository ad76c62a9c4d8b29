import { container, namedFiles } from '@manara/contract';
import type { Place } from '@manara/residency';
import { ConstructError } from '../construct-error';
import { shown } from '../props/props';
import type { ServerProps } from './server-props';

const secretName = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
const secretKey = /^(?!\.\.)[\w.-]{1,253}$/;

/**
 * Where the server finds a key of a Secret, in the site's namespace: for files that its configuration
 * names. The pod mounts each Secret that is named so.
 *
 * @throws ConstructError MANARA_SERVER for what cannot name a Secret or a key of one
 */
export function secretFile(name: string, key: string): string {
  for (const [what, value, grammar] of [
    ['name: expected the name of a Secret', name, secretName],
    ['key: expected a key of a Secret', key, secretKey],
  ] as const) {
    if (typeof value === 'string' && grammar.test(value)) continue;
    throw new ConstructError('MANARA_SERVER', 'secretFile', `${what}; received ${shown(value)}`);
  }
  return `${container.secretsFolder}/${name}/${key}`;
}

/** Name of the Secret that a file lies in; `undefined` for any other file. */
export function secretOf(file: string): string | undefined {
  const [folder, name = '', key = '', ...rest] = file
    .replace(`${container.secretsFolder}/`, ':/')
    .split('/');
  const isOne = folder === ':' && rest.length === 0 && secretName.test(name) && secretKey.test(key);
  return isOne ? name : undefined;
}

/** Names of the Secrets that the server's files lie in; sorted. */
export function secretsOf(server: ServerProps<Place> | undefined): readonly string[] {
  const files = namedFiles(server?.config ?? {}).map(({ file }) => file);
  const names = [...files, server?.trust ?? ''].flatMap((file) => secretOf(file) ?? []);
  return [...new Set(names)].sort();
}
