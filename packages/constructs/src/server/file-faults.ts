import { namedFiles } from '@manara/contract';
import type { Place } from '@manara/residency';
import { shown } from '../props/props';
import { secretOf } from './secret-file';
import type { ServerProps } from './server-props';

/** A pod's disk is read-only, and gone with the pod. */
const keptElsewhere: Readonly<Record<string, string>> = {
  'audit.file': 'leave it out, and the lines go to the log',
  'jobs.folder': 'keep jobs in jobs.redis, where replicas share them',
  'jobs.files.input': 'leave it out: replicas share no folder for batches',
  'jobs.files.output': 'leave it out: replicas share no folder for batches',
  'variants.exposures.file': 'leave it out, and events go to the log, or send them to a url',
};

/** Files that a pod does not have, or would lose. */
export function fileFaults({ config, trust }: ServerProps<Place>): readonly string[] {
  const outside = (key: string, file: string): readonly string[] =>
    secretOf(file) !== undefined
      ? []
      : [`${key}: expected a key of a Secret, secretFile('name', 'key'); received ${shown(file)}`];
  const named = namedFiles(config).flatMap(({ key, file, use }) => {
    if (use === 'keep') {
      return [
        `config.${key}: a pod keeps nothing; received ${shown(file)}; fix: ${keptElsewhere[key] ?? 'leave it out'}`,
      ];
    }
    return outside(`config.${key}`, file);
  });
  return trust === undefined ? named : [...named, ...outside('trust', trust)];
}

/** The configuration stands in a ConfigMap, which is no place for a secret. */
export function saltFaults({ config: { variants } }: ServerProps<Place>): readonly string[] {
  return variants?.salt === undefined
    ? []
    : [
        "config.variants.salt: expected variants.saltFile, secretFile('name', 'key'), in its place; received a salt in clear",
      ];
}
