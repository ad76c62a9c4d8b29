import type { IssuerConfig } from '@manara/contract';
import { GivenKeySet, type KeySet } from './key-set';
import type { IdentitySurroundings } from './identity-surroundings';
import { RemoteKeySet } from './remote-key-set';
import { Tokens } from './tokens';

/** @throws ConfigurationError where a file of keys cannot be used. */
export function openTokens(configs: readonly IssuerConfig[], given: IdentitySurroundings): Tokens {
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
