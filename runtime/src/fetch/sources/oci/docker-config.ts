import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { FetchError } from '../../fetch-error';

/** What a registry knows us by. */
export type RegistryLogin =
  | { readonly kind: 'basic'; readonly basic: string }
  | { readonly kind: 'refresh'; readonly token: string };

interface AuthEntry {
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
}

interface DockerConfig {
  readonly auths?: Readonly<Record<string, AuthEntry | undefined>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

/**
 * The login that Docker's own configuration holds for a registry: `config.json` in `DOCKER_CONFIG`,
 * otherwise in `~/.docker`. It is the form of Kubernetes' `kubernetes.io/dockerconfigjson`, too.
 *
 * @returns `undefined` where there is no file, or none for this registry
 * @throws FetchError for a file that cannot be read, and for one that leaves it to a helper program
 */
export async function loginFor(host: string): Promise<RegistryLogin | undefined> {
  const folder = process.env.DOCKER_CONFIG ?? '';
  const file = join(folder === '' ? join(homedir(), '.docker') : folder, 'config.json');
  const config = await readConfig(file);
  const entry = [host, `https://${host}`, `https://${host}/v1/`, `https://${host}/v2/`]
    .map((key) => config.auths?.[key])
    .find((found) => found !== undefined);
  const login = entry === undefined ? undefined : loginOf(entry);
  const helper = config.credHelpers?.[host] ?? config.credsStore;
  if (login !== undefined || helper === undefined) return login;
  throw new FetchError(
    `${file}: keeps the login of ${host} in the helper "${helper}", which fetch mode does not run; expected it under "auths"`,
    false,
  );
}

async function readConfig(file: string): Promise<DockerConfig> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as DockerConfig;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    // A parser's message quotes the text, which holds the secret.
    const reason = error instanceof SyntaxError ? 'is not JSON' : (error as Error).message;
    throw new FetchError(`${file}: ${reason}`, false);
  }
}

function loginOf({
  auth,
  username,
  password,
  identitytoken,
}: AuthEntry): RegistryLogin | undefined {
  if (identitytoken !== undefined && identitytoken !== '') {
    return { kind: 'refresh', token: identitytoken };
  }
  if (auth !== undefined && auth !== '') return { kind: 'basic', basic: auth };
  if (username === undefined || password === undefined) return undefined;
  return { kind: 'basic', basic: Buffer.from(`${username}:${password}`).toString('base64') };
}
