import { type Route } from '../routes';
import type { ApiIdentity } from './facts';
import type { JsonObject } from './json-schema';

/**
 * The ways to be identified that a server is configured with. Source: OpenAPI Specification 3.1.1,
 * "Security Scheme Object"; read 2026-11.
 */
export function securitySchemes(identity: ApiIdentity): Record<string, JsonObject> {
  const { apiKeys, tokens, certificates } = identity;
  const bearer = {
    type: 'http',
    scheme: 'bearer',
    ...(tokens ? { bearerFormat: 'JWT' } : {}),
    description: [tokens && 'A token of an identity provider', apiKeys && 'an API key']
      .filter((what) => what !== false)
      .join(', or '),
  };
  return {
    ...(apiKeys ? { apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' } } : {}),
    ...(apiKeys || tokens ? { bearer } : {}),
    ...(certificates ? { certificate: { type: 'mutualTLS' } } : {}),
  };
}

/** What one operation asks for: one of the ways, or nothing where it is open to everybody. */
export function securityOf(
  verb: Route['verb'],
  identity: ApiIdentity | undefined,
): { readonly security?: readonly JsonObject[] } {
  if (identity === undefined) return {};
  if (verb === 'health') return { security: [] };
  return { security: Object.keys(securitySchemes(identity)).map((name) => ({ [name]: [] })) };
}
