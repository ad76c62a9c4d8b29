import { headers } from '@manara/contract';
import type { ServerContext } from '../context';
import type { Exchange } from './router';

/**
 * Answers a request that may be sent twice: with what the first of the same key was answered.
 *
 * @param body - all of it, before any of it is moved to another thread.
 */
export async function repeatable<T>(
  { idempotency }: ServerContext,
  { request, response, terms }: Exchange,
  body: Uint8Array,
  act: () => Promise<T>,
): Promise<T> {
  const { method = '', url = '' } = request;
  const form = terms.header(headers.inferenceHeaderContentLength) ?? '';
  const { value, isReplay } = await idempotency.run(terms, () => [method, url, form, body], act);
  if (isReplay) response.setHeader(headers.idempotencyReplayed, 'true');
  return value;
}
