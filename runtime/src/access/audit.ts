import { logFields, type Verb } from '@manara/contract';
import type { LineSink } from '../telemetry/log-destination';

/** What a call came to. */
export type AuditOutcome =
  /** It is allowed; what it came to is of no interest. */
  | 'allowed'
  /** It is allowed and about to be done. A line without one that follows: nobody knows. */
  | 'begun'
  | 'done'
  /** It was tried, and ended with an error. */
  | 'failed'
  /** No rule allows it. */
  | 'refused';

/** What happened, as an audit line tells it. Nothing of a request's contents is among it. */
export interface AuditEntry {
  readonly caller: string;
  readonly verb: Verb;
  /** Name of the route, or of the gRPC method. */
  readonly action: string;
  readonly protocol: string;
  readonly model?: string | undefined;
  readonly version?: string | undefined;
  readonly traceId?: string | undefined;
  readonly outcome: AuditOutcome;
  /** Code of the error, where it ended with one. */
  readonly error?: string | undefined;
}

/** Milliseconds that a line is given to be written. */
const timeoutMillis = 5_000;

/** Longest name of a model in a line: a caller may send any. */
const maxNameLength = 256;

/** Writes who did what. Unlike those of the log, its lines are waited for. */
export class AuditLog {
  /** @param lost - told of each line that could not be written. */
  constructor(
    private readonly sink: LineSink,
    private readonly lost: (reason: string) => void,
  ) {}

  /** Resolves once the line is written. Rejects where it could not be in time. */
  async write(entry: AuditEntry): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`it was not written within ${timeoutMillis} ms`));
      }, timeoutMillis);
    });
    try {
      await Promise.race([this.sink.deliver(line(entry)), late]);
    } catch (error) {
      this.lost(error instanceof Error ? error.message : String(error));
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Writes a line of what is over already, without being waited for. */
  note(entry: AuditEntry): void {
    this.write(entry).catch(() => undefined);
  }
}

function line({ model, version, ...entry }: AuditEntry): string {
  const fields = {
    level: 'info',
    time: new Date().toISOString(),
    [logFields.event]: 'audit',
    [logFields.caller]: entry.caller,
    [logFields.verb]: entry.verb,
    [logFields.action]: entry.action,
    [logFields.protocol]: entry.protocol,
    [logFields.model]: model?.slice(0, maxNameLength),
    [logFields.version]: version?.slice(0, maxNameLength),
    [logFields.outcome]: entry.outcome,
    [logFields.error]: entry.error,
    [logFields.traceId]: entry.traceId,
  };
  return `${JSON.stringify(fields)}\n`;
}
