import { logFields } from '@manara/contract';
import { type DestinationStream, type Logger, pino } from 'pino';
import { LogDestination } from './log-destination';

/** What a log line can be about: the closed list behind the contract's `event` field. */
export type ServerEvent =
  | 'listening'
  | 'version_ready'
  | 'version_failed'
  | 'version_unloaded'
  | 'model_failed'
  | 'folder_ignored'
  | 'graph_ignored'
  | 'request'
  | 'request_refused'
  | 'overloaded'
  | 'request_failed'
  | 'worker_lost'
  | 'job_store_failed'
  | 'webhook_failed'
  | 'workers_stuck'
  | 'server_lost'
  | 'draining'
  | 'drain_timeout'
  | 'stopped'
  | 'logs_dropped'
  | 'cache_away'
  | 'cache_back'
  | 'flags_away'
  | 'flags_back'
  | 'feedback_away'
  | 'feedback_back'
  | 'variant_event'
  | 'variant_events_dropped'
  | 'variants_changed'
  | 'variants_refused'
  | 'defaults_changed'
  | 'defaults_refused'
  | 'name_unserved'
  | 'internal_error'
  | 'audit_failed'
  | 'files_reloaded'
  | 'files_refused'
  | 'keys_unavailable'
  | 'limits_shared'
  | 'limits_local';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** Log fields of the contract, with their values. */
export type LogFields = Readonly<
  Partial<Record<(typeof logFields)[keyof typeof logFields], string | number | undefined>>
>;

const standardOutput = 1;

/**
 * A logger as every part of the server has it: JSON, one object a line, the level by its name.
 *
 * @param destination - where lines go. @default - standard output, never waited for
 */
export function createLogger(
  level: string,
  destination: DestinationStream = standardLog(),
): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (name) => ({ level: name }) },
    },
    destination,
  );
}

/** Where lines go unless they are sent elsewhere. One for a process: two would write into each other's lines. */
export function standardLog(): LogDestination {
  return new LogDestination(standardOutput, droppedLines);
}

/** Not by way of the logger, which may be waiting itself. */
function droppedLines(count: number): string {
  const event: ServerEvent = 'logs_dropped';
  const msg = `${count} log lines could not be written`;
  const time = new Date().toISOString();
  return `${JSON.stringify({ level: 'warn', time, [logFields.event]: event, msg })}\n`;
}

/** Writes the server's log lines. */
export class ServerLog {
  private readonly pino: Logger;

  /** @param destination - where lines go. @default - standard output */
  constructor(level: LogLevel, destination?: DestinationStream) {
    this.pino = createLogger(level, destination);
  }

  /** Whether lines of a level are written: asked where building one costs. */
  enabled(level: LogLevel): boolean {
    return this.pino.isLevelEnabled(level);
  }

  write(
    level: LogLevel,
    event: ServerEvent,
    message: string,
    fields: LogFields & Readonly<Record<string, string | number | undefined>> = {},
  ): void {
    this.pino[level]({ [logFields.event]: event, ...fields }, message);
  }
}

/**
 * What of an engine's error may stand in a log: the operator and node that failed. What follows
 * can quote tensor values, which may be personal data.
 */
export function loggableEngineError(message: string): string {
  return (message.split('Status Message:')[0] ?? '').trim();
}
