/** Tests texts against a pattern in which `*` stands for any text, the empty one included. */
export function pattern(text: string): (candidate: string) => boolean {
  if (!text.includes('*')) return (candidate) => candidate === text;
  const parts = text.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('.*')}$`, 's');
  return (candidate) => expression.test(candidate);
}

/** Tests texts against several patterns; without any, every text passes. */
export function patterns(
  texts: readonly string[] | undefined,
): ((candidate: string) => boolean) | undefined {
  if (texts === undefined) return undefined;
  const tests = texts.map(pattern);
  return (candidate) => tests.some((test) => test(candidate));
}
