/** Codes of `ResidencyError`; documented in docs/residency.md and never reused for something else. */
export const residencyErrorCodes = [
  'bare-region',
  'unknown-place',
  'unknown-jurisdiction',
  'unknown-data-class',
  'invalid-zone',
] as const;

export type ResidencyErrorCode = (typeof residencyErrorCodes)[number];

/** A value that the residency model cannot work with. What a *rule* refuses is a `Finding`, not an error. */
export class ResidencyError extends Error {
  constructor(
    readonly code: ResidencyErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'ResidencyError';
  }
}
