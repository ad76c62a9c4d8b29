import { createHash } from 'node:crypto';

/** Characters that tell whose an answer is. */
export const callerLength = 16;

/** The id of a caller's key; it begins with what tells the caller, so that shares can be counted. */
export function answerId(caller: string, key: string): string {
  const whose = digest(caller).slice(0, callerLength);
  return `${whose}-${digest(JSON.stringify([caller, key]))}`;
}

/** Whose an answer is, as its id tells. */
export function callerOf(id: string): string {
  return id.slice(0, callerLength);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
