/** gRPC status names that the server answers with. */
export type GrpcStatusName =
  | 'INVALID_ARGUMENT'
  | 'NOT_FOUND'
  | 'FAILED_PRECONDITION'
  | 'UNAUTHENTICATED'
  | 'PERMISSION_DENIED'
  | 'RESOURCE_EXHAUSTED'
  | 'UNAVAILABLE'
  | 'CANCELLED'
  | 'DEADLINE_EXCEEDED'
  | 'UNIMPLEMENTED'
  | 'INTERNAL';

/**
 * Longest message, in UTF-16 units. Names that callers send are quoted in messages, and gRPC carries
 * a message in a header, where the worst text grows ninefold: some clients read 8 KB of headers only,
 * and Node.js refuses to send more than 64 KB without telling the client.
 */
const maxMessageLength = 800;

/** A request that cannot be answered as asked. `code` is stable and documented in docs/server.md. */
export class ServingError extends Error {
  constructor(
    readonly code: string,
    readonly httpStatus: number,
    readonly grpcStatus: GrpcStatusName,
    message: string,
    /** After which the same request may be answered. @default - nobody knows */
    readonly retryAfterSeconds?: number,
    /** What is said beside it, as headers or metadata; names in lower case. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    // Where it was thrown says nothing that its code does not, and to find out costs as much as refusing a
    // request does: under overload that is time taken from the engine.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(cut(message));
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'ServingError';
  }

  /** The same error with something said beside it. */
  saying(headers: Readonly<Record<string, string>>): ServingError {
    const { code, httpStatus, grpcStatus, message, retryAfterSeconds } = this;
    return new ServingError(code, httpStatus, grpcStatus, message, retryAfterSeconds, {
      ...this.headers,
      ...headers,
    });
  }
}

/** Keeps the beginning: of an engine's message, the log may hold only that. */
function cut(message: string): string {
  if (message.length <= maxMessageLength) return message;
  const note = ` … (cut; it had ${message.length} characters)`;
  const head = message.slice(0, maxMessageLength - note.length);
  // Half of a surrogate pair is no text.
  return head.replace(/[\uD800-\uDBFF]$/, '') + note;
}

/**
 * The same text with file paths cut to the file's name: where files lie is no business of callers.
 * ONNX Runtime's names of nodes look like paths too; they stand in parentheses, or after `Name:`.
 */
export function withoutFolders(text: string): string {
  return text.replace(
    /(?<=^|[\s"[=:]|(?<!Name:)')\/(?:[^\s/"'[\]():]*\/)*([^\s/"'[\]():]+)/g,
    '$1',
  );
}
