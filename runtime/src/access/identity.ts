import type { Caller } from '../call';
import { errors } from '../errors';
import type { ApiKeys } from './api-keys';
import { isApiKey } from './api-keys';
import type { CertificateNames } from './certificates';
import { type Approach, CredentialRefused, NothingShown } from './credential';
import type { Tokens } from './tokens';

export const apiKeyHeader = 'x-api-key';

/** The ways to be identified that are configured. */
export interface Ways {
  readonly apiKeys: ApiKeys | undefined;
  readonly tokens: Tokens | undefined;
  readonly certificates: CertificateNames | undefined;
}

/** Tells who comes. What is shown in headers goes before the certificate of the connection. */
export class Identity {
  private readonly how: string;
  private readonly challenge: string;

  constructor(private readonly ways: Ways) {
    const { apiKeys, tokens, certificates } = ways;
    const known = [
      apiKeys && `an API key in the header ${apiKeyHeader}`,
      tokens && 'a token in the header authorization (Bearer)',
      certificates && 'a client certificate',
    ].filter((way) => way !== undefined);
    this.how = `send ${known.join(', or ')}`;
    // HTTP wants a challenge with every 401 and has none for certificates.
    this.challenge =
      apiKeys === undefined && tokens === undefined
        ? 'ClientCertificate realm="manara"'
        : 'Bearer realm="manara"';
  }

  /**
   * Synchronous for credentials that were checked before.
   *
   * @throws ServingError UNAUTHENTICATED, or rejects with it or with IDENTITY_UNAVAILABLE.
   */
  identify(approach: Approach): Caller | Promise<Caller> {
    try {
      const caller = this.shown(approach, Date.now());
      if (!(caller instanceof Promise)) return caller;
      return caller.catch((thrown: unknown) => {
        throw this.refusal(thrown);
      });
    } catch (thrown) {
      throw this.refusal(thrown);
    }
  }

  private shown(approach: Approach, now: number): Caller | Promise<Caller> {
    const { apiKeys, tokens, certificates } = this.ways;
    const key = approach.header(apiKeyHeader);
    const bearer = bearerOf(approach.header('authorization'));
    if (key !== undefined && bearer !== undefined) {
      throw new CredentialRefused(`both ${apiKeyHeader} and authorization were sent`);
    }
    const shown = key ?? bearer;
    if (shown !== undefined) {
      if (key !== undefined || isApiKey(shown)) {
        if (apiKeys === undefined) throw new CredentialRefused('API keys are not accepted');
        return apiKeys.identify(shown, now);
      }
      if (tokens === undefined) throw new CredentialRefused('tokens are not accepted');
      return tokens.identify(shown, now);
    }
    const certificate = certificates === undefined ? undefined : approach.peerCertificate();
    if (certificates === undefined || certificate === undefined) throw new NothingShown();
    return certificates.identify(certificate, now);
  }

  private refusal(thrown: unknown): unknown {
    if (!(thrown instanceof CredentialRefused)) return thrown;
    const fault = thrown instanceof NothingShown ? '' : ', error="invalid_token"';
    return errors
      .unauthenticated(thrown.message, this.how)
      .saying({ 'www-authenticate': this.challenge + fault });
  }
}

function bearerOf(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  const [, token] = /^bearer +([^\s,]+)$/i.exec(authorization) ?? [];
  if (token === undefined) {
    throw new CredentialRefused('the header authorization is not of the form "Bearer TOKEN"');
  }
  return token;
}
