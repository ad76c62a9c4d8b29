import type { FlagsConfig } from '@manara/contract';
import type { Provider } from '@openfeature/server-sdk';
import { StartError } from '../../start-error';
import { readText } from '../read-text';
import { endReconnecting } from './end-reconnecting';
import { OptimizelyProvider } from './optimizely-provider';

/** @throws StartError where a package or a file is missing. */
export async function openProvider(config: FlagsConfig): Promise<Provider> {
  if (config.launchDarkly !== undefined) return launchDarkly(config.launchDarkly);
  if (config.optimizely !== undefined) return optimizely(config.optimizely);
  return flagd(config.flagd ?? { resolver: 'in-process' });
}

async function flagd({
  resolver,
  file,
  host = 'localhost',
  port,
  tls = false,
}: NonNullable<FlagsConfig['flagd']>): Promise<Provider> {
  const { FlagdProvider } = await import('@openfeature/flagd-provider');
  if (resolver === 'file' && file !== undefined) {
    // Read once here: what is wrong with it is said at start, and not at the first request.
    readText('variants.flags.flagd.file', file);
    return new FlagdProvider({ resolverType: 'in-process', offlineFlagSourcePath: file });
  }
  const isRpc = resolver === 'rpc';
  return endReconnecting(
    new FlagdProvider({
      resolverType: isRpc ? 'rpc' : 'in-process',
      host,
      port: port ?? (isRpc ? 8013 : 8015),
      tls,
    }),
  );
}

/** What is used of it: its own declarations name a module that does not resolve. */
interface LaunchDarkly {
  readonly LaunchDarklyProvider: new (
    key: string,
    options: Readonly<Record<string, unknown>>,
  ) => Provider;
}

/**
 * Flags are polled and evaluated here; what is known of a request leaves only with `eventsUri`, and then the
 * context alone: the model, the pseudonym and the attributes that the configuration lists.
 */
async function launchDarkly({
  sdkKeyFile,
  baseUri,
  eventsUri,
  pollSeconds = 30,
}: NonNullable<FlagsConfig['launchDarkly']>): Promise<Provider> {
  const key = readText('variants.flags.launchDarkly.sdkKeyFile', sdkKeyFile).trim();
  const packages = ['@launchdarkly/openfeature-node-server', '@launchdarkly/node-server-sdk'];
  const { LaunchDarklyProvider } = await optional<LaunchDarkly>(
    'launchDarkly',
    packages,
    () => import('@launchdarkly/openfeature-node-server'),
  );
  const silent = (): void => undefined;
  return new LaunchDarklyProvider(key, {
    baseUri,
    stream: false,
    pollInterval: pollSeconds,
    sendEvents: eventsUri !== undefined,
    ...(eventsUri === undefined ? {} : { eventsUri }),
    diagnosticOptOut: true,
    // Its log quotes contexts.
    logger: { error: silent, warn: silent, info: silent, debug: silent },
  });
}

async function optimizely({ datafile }: NonNullable<FlagsConfig['optimizely']>): Promise<Provider> {
  const text = readText('variants.flags.optimizely.datafile', datafile);
  const sdk = await optional(
    'optimizely',
    ['@optimizely/optimizely-sdk'],
    () => import('@optimizely/optimizely-sdk'),
  );
  try {
    return new OptimizelyProvider(sdk, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`variants.flags.optimizely.datafile: ${reason}`);
  }
}

/** Loads a package that the server does not bring. @throws StartError saying how to get it */
export async function optional<T>(
  provider: string,
  packages: readonly string[],
  load: () => Promise<T>,
): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new StartError(
      `variants.flags.${provider} needs packages that the server does not bring: npm install ${packages.join(' ')}`,
    );
  }
}
