import type { AnswerHeaders } from '../infer';

/**
 * Whether the caller has the answer already: one of the tags that it names is that of the answer. `*`,
 * which matches anything, says nothing about having it. Tags are compared weakly (RFC 9110, 13.1.2).
 *
 * @param asked - the header If-None-Match.
 */
export function isNotModified(
  asked: string | undefined,
  headers: AnswerHeaders | undefined,
): boolean {
  const etag = headers?.etag;
  if (asked === undefined || etag === undefined) return false;
  const opaque = withoutWeakness(etag);
  return asked.split(',').some((tag) => withoutWeakness(tag.trim()) === opaque);
}

function withoutWeakness(tag: string): string {
  return tag.startsWith('W/') ? tag.slice(2) : tag;
}
