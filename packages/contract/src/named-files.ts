import type { ServerConfig } from './config';

/** A file or folder that the configuration names. */
export interface NamedFile {
  /** Key of the configuration, `cache.keyFile`. */
  readonly key: string;
  readonly file: string;
  /** Whether the server only reads it, or keeps something there. */
  readonly use: 'read' | 'keep';
}

/** Every file and folder of the parts of a configuration that a program writes, `givenParts`. */
export function namedFiles({
  identity,
  limits,
  audit,
  jobs,
  cache,
  variants,
}: ServerConfig): readonly NamedFile[] {
  const { flagd, launchDarkly, optimizely } = variants?.flags ?? {};
  const read: readonly (readonly [key: string, file: string | undefined])[] = [
    ['identity.apiKeys.file', identity?.apiKeys?.file],
    ...(identity?.jwt ?? []).map(
      ({ jwksFile }, i) => [`identity.jwt.${i}.jwksFile`, jwksFile] as const,
    ),
    ['limits.redis.passwordFile', limits?.redis?.passwordFile],
    ['cache.keyFile', cache?.keyFile],
    ['cache.redis.passwordFile', cache?.redis?.passwordFile],
    ['jobs.redis.passwordFile', jobs?.redis?.passwordFile],
    ...(jobs?.webhook?.secretFiles ?? []).map(
      (file, i) => [`jobs.webhook.secretFiles.${i}`, file] as const,
    ),
    ['variants.saltFile', variants?.saltFile],
    ['variants.flags.flagd.file', flagd?.file],
    ['variants.flags.launchDarkly.sdkKeyFile', launchDarkly?.sdkKeyFile],
    ['variants.flags.optimizely.datafile', optimizely?.datafile],
    ['variants.feedback.redis.passwordFile', variants?.feedback?.redis?.passwordFile],
  ];
  const kept: typeof read = [
    ['audit.file', audit?.file],
    ['jobs.folder', jobs?.folder],
    ['jobs.files.input', jobs?.files?.input],
    ['jobs.files.output', jobs?.files?.output],
    ['variants.exposures.file', variants?.exposures?.file],
  ];
  return [...named(read, 'read'), ...named(kept, 'keep')];
}

function named(
  entries: readonly (readonly [key: string, file: string | undefined])[],
  use: NamedFile['use'],
): readonly NamedFile[] {
  return entries.flatMap(([key, file]) => (file === undefined ? [] : [{ key, file, use }]));
}
