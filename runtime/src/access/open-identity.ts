import type { IdentityConfig, IssuerConfig } from '@manara/contract';
import { ApiKeys } from './api-keys';
import { CertificateNames } from './certificates';
import type { Follow } from './followed-files';
import { Identity } from './identity';
import { GivenKeySet, type KeySet } from './key-set';
import { RemoteKeySet } from './remote-key-set';
import type { Resources } from './resources';
import type { Rules } from './rules';
import { Tokens } from './tokens';

export interface IdentitySurroundings {
  readonly rules: Rules;
  readonly follow: Follow;
  readonly resources: Resources;
  /** Told when an issuer's keys could not be fetched. */
  readonly keysFailed: (issuer: string, reason: string) => void;
}

/**
 * The ways to be identified that a configuration names.
 *
 * @throws ConfigurationError where a file cannot be used.
 */
export function openIdentity(config: IdentityConfig, given: IdentitySurroundings): Identity {
  const { apiKeys, jwt, clientCertificates } = config;
  return new Identity({
    apiKeys: apiKeys && openApiKeys(apiKeys.file, given),
    tokens: jwt && openTokens(jwt, given),
    certificates: clientCertificates && new CertificateNames(clientCertificates.name, given.rules),
  });
}

function openApiKeys(path: string, { rules, follow }: IdentitySurroundings): ApiKeys {
  const keys = new ApiKeys(rules);
  follow('identity.apiKeys.file', [path], ([content]) => {
    keys.replace(String(content));
  });
  return keys;
}

function openTokens(configs: readonly IssuerConfig[], given: IdentitySurroundings): Tokens {
  const tokens = new Tokens(given.rules);
  const forget = (): void => {
    tokens.forget();
  };
  for (const config of configs) {
    tokens.accept({ config, keys: openKeys(config, given, forget) });
  }
  return tokens;
}

function openKeys(
  { name, jwksUrl, jwksFile }: IssuerConfig,
  { follow, resources, keysFailed }: IdentitySurroundings,
  changed: () => void,
): KeySet {
  if (jwksUrl !== undefined) {
    const failed = (reason: string): void => {
      keysFailed(name, reason);
    };
    return resources.keep(new RemoteKeySet(jwksUrl, { changed, failed }));
  }
  const keys = new GivenKeySet(changed);
  follow(`jwksFile of "${name}"`, [jwksFile ?? ''], ([content]) => {
    keys.replace(String(content));
  });
  return keys;
}
