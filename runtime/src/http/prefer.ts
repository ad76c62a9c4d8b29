import { headers } from '@manara/contract';
import type { CallTerms } from '../call';

export const respondAsync = 'respond-async';

/**
 * Whether the caller would rather have a job than wait. Other preferences are passed over, as RFC 7240
 * has servers do; `wait` too: a job's answer can be had at once where it is quick.
 */
export function prefersAsync(terms: CallTerms): boolean {
  const text = terms.header(headers.prefer);
  if (text === undefined) return false;
  return text.split(',').some((preference) => {
    const [name = ''] = preference.split(/[;=]/, 1);
    return name.trim().toLowerCase() === respondAsync;
  });
}
