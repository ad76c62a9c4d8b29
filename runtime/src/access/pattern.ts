/**
 * Tests texts against a pattern in which `*` stands for any text, the empty one included. No regular
 * expression: callers choose the texts, and some would make one take very long.
 */
export function pattern(text: string): (candidate: string) => boolean {
  const [first = '', ...rest] = text.split('*');
  const last = rest.pop();
  if (last === undefined) return (candidate) => candidate === text;
  return (candidate) => {
    if (!candidate.startsWith(first)) return false;
    let at = first.length;
    for (const part of rest) {
      const found = candidate.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return candidate.length - last.length >= at && candidate.endsWith(last);
  };
}

/** Tests texts against several patterns; `undefined` where there are none to test against. */
export function patterns(
  texts: readonly string[] | undefined,
): ((candidate: string) => boolean) | undefined {
  if (texts === undefined) return undefined;
  const tests = texts.map(pattern);
  return (candidate) => tests.some((test) => test(candidate));
}
