/** What `@pulumi/policy` throws where a policy touches a value that a preview cannot know. */
interface UnknownValueError extends Error {
  /** Path of the value. */
  readonly props: readonly PropertyKey[];
}

/** Known by its shape: the package keeps its type to itself, and there may be two copies of it. */
function isUnknownValue(error: unknown): error is UnknownValueError {
  return error instanceof Error && 'unknownTypeSentinel' in error && 'props' in error;
}

/**
 * Runs each part, so that a value that is not known yet stops its own part only.
 *
 * @throws UnknownValueError once all have run, for the first value that was not known.
 */
export function* inTurn<T>(parts: readonly (() => Iterable<T>)[]): Generator<T, void, undefined> {
  let unknown: UnknownValueError | undefined;
  for (const part of parts) {
    try {
      yield* part();
    } catch (error) {
      if (!isUnknownValue(error)) throw error;
      unknown ??= error;
    }
  }
  if (unknown !== undefined) throw unknown;
}

/** As far as values are known: one that is not ends it, and its path goes to `unknown`. */
export function* known<T>(
  findings: () => Iterable<T>,
  unknown: (path: string) => void = () => undefined,
): Generator<T, void, undefined> {
  try {
    yield* findings();
  } catch (error) {
    if (!isUnknownValue(error)) throw error;
    unknown(error.props.map(String).join('.'));
  }
}
