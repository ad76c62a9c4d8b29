import type { IdentityConfig } from '@manara/contract';
import { ApiKeys } from './api-keys';
import { CertificateNames } from './certificates';
import { Identity } from './identity';
import type { IdentitySurroundings } from './identity-surroundings';
import type { Tokens } from './tokens';

/**
 * The ways to be identified that a configuration names.
 *
 * @throws ConfigurationError where a file cannot be used.
 */
export async function openIdentity(
  config: IdentityConfig,
  given: IdentitySurroundings,
): Promise<Identity> {
  const { apiKeys, jwt, clientCertificates } = config;
  return new Identity({
    apiKeys: apiKeys && openApiKeys(apiKeys.file, given),
    tokens: jwt && (await tokensOf(jwt, given)),
    certificates: clientCertificates && new CertificateNames(clientCertificates.name, given.rules),
  });
}

/** Loaded only where tokens are accepted: the library takes tens of milliseconds of each start. */
async function tokensOf(
  configs: NonNullable<IdentityConfig['jwt']>,
  given: IdentitySurroundings,
): Promise<Tokens> {
  const { openTokens } = await import('./open-tokens.js');
  return openTokens(configs, given);
}

function openApiKeys(path: string, { rules, follow }: IdentitySurroundings): ApiKeys {
  const keys = new ApiKeys(rules);
  follow('identity.apiKeys.file', [path], ([content]) => {
    keys.replace(String(content));
  });
  return keys;
}
