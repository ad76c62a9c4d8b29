import { headers } from '@manara/contract';
import type { CallTerms } from '../call';
import type { AnswerHeaders } from '../infer';
import type { HttpReply } from './reply';

/**
 * Whether the caller has the answer already: one of the tags that it names is that of the answer. `*`,
 * which matches anything, says nothing about having it. Tags are compared weakly (RFC 9110, 13.1.2).
 *
 * @param asked - the header If-None-Match.
 */
export function isNotModified(asked: string | undefined, said: AnswerHeaders | undefined): boolean {
  const etag = said?.etag;
  if (asked === undefined || etag === undefined) return false;
  const opaque = withoutWeakness(etag);
  return asked.split(',').some((tag) => withoutWeakness(tag.trim()) === opaque);
}

/** The same terms without a condition, for an answer that is kept whole whatever its caller has already. */
export function unconditional(terms: CallTerms): CallTerms {
  const { caller, left, deadline, priority } = terms;
  const header = (name: string): string | undefined =>
    name === 'if-none-match' ? undefined : terms.header(name);
  return { caller, left, deadline, priority, header };
}

/** What is sent of a whole answer: nothing of it where the caller has it already. */
export function conditional(terms: CallTerms, reply: HttpReply): HttpReply {
  if (reply.status !== 200 || !isNotModified(terms.header('if-none-match'), reply.headers))
    return reply;
  const said = Object.entries(reply.headers).filter(([name]) => !ofTheBody.includes(name));
  return { status: 304, headers: Object.fromEntries(said), parts: [] };
}

const ofTheBody: readonly string[] = ['content-type', headers.inferenceHeaderContentLength];

function withoutWeakness(tag: string): string {
  return tag.startsWith('W/') ? tag.slice(2) : tag;
}
