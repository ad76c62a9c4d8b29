import { readFileSync } from 'node:fs';
import { messageOf, UsageError } from '../cli-error';

/** What a caller shows a server, and what it takes for one. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  /** PEM. @default - the authorities that Node.js knows, and no certificate of one's own */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

export interface CredentialOptions {
  readonly apiKeyFile?: string;
  readonly tokenFile?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** What the secrets of a server are called in the environment: on a command line everybody could read them. */
export const credentialVariables = { apiKey: 'MANARA_API_KEY', token: 'MANARA_TOKEN' } as const;

/**
 * Reads what the options and the environment name; an option wins over the environment.
 *
 * @throws UsageError for options that do not go together, or a file that cannot be read
 */
export function readCredentials(
  { apiKeyFile, tokenFile, ca, cert, key }: CredentialOptions,
  environment: NodeJS.ProcessEnv,
): Credentials {
  const hasFile = apiKeyFile !== undefined || tokenFile !== undefined;
  const apiKey = hasFile
    ? secretOf('--api-key-file', apiKeyFile)
    : environment[credentialVariables.apiKey];
  const token = hasFile
    ? secretOf('--token-file', tokenFile)
    : environment[credentialVariables.token];
  if (apiKey !== undefined && token !== undefined) {
    throw new UsageError('both an API key and a token were given; a server takes one of them');
  }
  if ((cert === undefined) !== (key === undefined)) {
    throw new UsageError('--cert and --key go together: a certificate and its private key');
  }
  const pem = (name: string, flag: string, file: string | undefined): Record<string, string> =>
    file === undefined ? {} : { [name]: contentOf(flag, file) };
  return {
    headers: {
      ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    tls: { ...pem('ca', '--ca', ca), ...pem('cert', '--cert', cert), ...pem('key', '--key', key) },
  };
}

function secretOf(flag: string, file: string | undefined): string | undefined {
  return file === undefined ? undefined : contentOf(flag, file).trim();
}

function contentOf(flag: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${flag}: the file cannot be read: ${messageOf(error)}`);
  }
}
