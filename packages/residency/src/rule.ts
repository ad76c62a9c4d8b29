import type { DataFlow } from './flow';
import type { Source } from './source';
import type { ResidencyZone } from './zone';

/** What a rule says of one flow. */
export type Verdict =
  | { readonly outcome: 'compliant' }
  | { readonly outcome: 'not-applicable' }
  | {
      /** The requirement applies, and nothing here can tell whether it is met. */
      readonly outcome: 'not-assessed';
      readonly because: string;
    }
  | {
      readonly outcome: 'violation';
      /** What was found: names the value received and what is allowed. */
      readonly because: string;
      /** What to change. */
      readonly fix: string;
    };

/** One requirement, checked on one flow at a time. Rules are pure and live one in a file. */
export interface Rule {
  /** Stable id in kebab case; an external contract, never reused. */
  readonly id: string;
  /** The requirement in a sentence. */
  readonly title: string;
  readonly sources: readonly Source[];
  check(flow: DataFlow, zone: ResidencyZone): Verdict;
}

export const compliant: Verdict = { outcome: 'compliant' };
export const notApplicable: Verdict = { outcome: 'not-applicable' };

export function notAssessed(because: string): Verdict {
  return { outcome: 'not-assessed', because };
}

export function violation(because: string, fix: string): Verdict {
  return { outcome: 'violation', because, fix };
}
