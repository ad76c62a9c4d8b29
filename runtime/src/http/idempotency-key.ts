import { headers } from '@manara/contract';
import type { CallTerms } from '../call';
import { errors } from '../errors';

/** Printable ASCII but quotes and backslashes, as far as a caller may need to make it unique. */
const keyRule = /^[\x20-\x21\x23-\x5b\x5d-\x7e]{1,255}$/;

/**
 * The key of a request that may be sent twice: a quoted string, as the draft has it, or the bare text
 * that most clients send.
 * Source: draft-ietf-httpapi-idempotency-key-header-07; read 2026-11.
 *
 * @throws ServingError HEADER_INVALID
 */
export function idempotencyKeyOf(terms: CallTerms): string | undefined {
  const text = terms.header(headers.idempotencyKey)?.trim();
  if (text === undefined) return undefined;
  const key = /^"(.*)"$/.exec(text)?.[1] ?? text;
  if (keyRule.test(key)) return key;
  const expected = '1 to 255 printable ASCII characters but " and \\';
  throw errors.headerInvalid(headers.idempotencyKey, JSON.stringify(text), expected);
}
