/** Codes of `ConstructError`; documented in docs/errors.md and never reused for something else. */
export const constructErrorCodes = [
  'MANARA_PROP',
  'MANARA_NAME',
  'MANARA_REASON',
  'MANARA_URI',
  'MANARA_PEER',
  'MANARA_MODEL_FILE',
  'MANARA_DIGEST',
  'MANARA_VERSIONS',
  'MANARA_SITES',
  'MANARA_OBJECTIVE',
  'MANARA_ENGINE',
  'MANARA_SERVER',
  'MANARA_RESIDENCY',
  'MANARA_LATE',
  'MANARA_SCHEDULE',
  'MANARA_RECOVERY',
  'MANARA_GATEWAY',
  'MANARA_CAPACITY',
  'MANARA_SCALING',
  'MANARA_ROUTES',
  'MANARA_MESH',
  'MANARA_ROLLOUT',
  'MANARA_OBSERVABILITY',
  'MANARA_DOSSIER',
] as const;

export type ConstructErrorCode = (typeof constructErrorCodes)[number];

/**
 * A prop that cannot be used. The message names the construct, the prop, what is allowed and what was
 * received.
 */
export class ConstructError extends Error {
  constructor(
    readonly code: ConstructErrorCode,
    /** Construct path or class name. */
    readonly at: string,
    message: string,
  ) {
    super(`[${at}] ${message} (${code})`);
    this.name = 'ConstructError';
  }
}
