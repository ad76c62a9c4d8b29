import type { Follow } from './followed-files';
import type { Resources } from './resources';
import type { Rules } from './rules';

/** What ways to be identified are opened with. */
export interface IdentitySurroundings {
  readonly rules: Rules;
  readonly follow: Follow;
  readonly resources: Resources;
  /** Told when an issuer's keys could not be fetched. */
  readonly keysFailed: (issuer: string, reason: string) => void;
}
