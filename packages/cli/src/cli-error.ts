import { exitCodes } from '@manara/contract';

/** A failure that a message explains. The stack stays out of sight unless `--verbose` asks for it. */
export class CliError extends Error {
  readonly exitCode: number = exitCodes.failure;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CliError';
  }
}

/** The command line is wrong: trying again will not help. */
export class UsageError extends CliError {
  override readonly exitCode = exitCodes.usage;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UsageError';
  }
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** `code` of a failed system call, such as `ENOENT`. */
export function systemCode(thrown: unknown): string | undefined {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
