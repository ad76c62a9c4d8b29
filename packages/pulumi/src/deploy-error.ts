import { RunError } from '@pulumi/pulumi';

/** Codes of `DeployError`; documented in docs/errors.md and never reused for something else. */
export type DeployErrorCode =
  | 'MANARA_DOCUMENT'
  | 'MANARA_LATE_VALUE'
  | 'MANARA_PROVIDER'
  | 'MANARA_RESIDENCY'
  | 'MANARA_PLACE'
  | 'MANARA_NAME'
  | 'MANARA_ARGS';

/** A tree that cannot be deployed as it stands. Pulumi prints the message without a stack. */
export class DeployError extends RunError {
  override readonly name = 'DeployError';

  constructor(
    readonly code: DeployErrorCode,
    message: string,
  ) {
    super(`${message} (${code})`);
  }
}
