import type { AccessConfig } from '@manara/contract';
import { Rules } from '../access/rules';
import { anonymous, type Caller } from '../call';
import type { Job } from './job';

/** Who ordered a job, with what they may do as it runs. */
export type OrdererOf = (job: Pick<Job, 'caller' | 'request'>) => Caller;

/**
 * Jobs are held to the rules of the server that runs them, as these stand then: a right that was withdrawn
 * is gone for what waits, too. What the rules go by is what was known of the caller at the order. A key or
 * token that has expired since ends no job.
 */
export function orderersUnder({ identity, rules = [] }: AccessConfig): OrdererOf {
  if (identity === undefined) return ({ caller }) => ({ ...anonymous, id: caller });
  const known = new Rules(rules);
  return ({ caller, request }) =>
    caller === '' ? nobody : known.recalled(caller, request.standing ?? { groups: [] });
}

/** Ordered while the server asked nobody who they were: even a rule for everybody is for the identified. */
const nobody: Caller = { id: '', permit: () => undefined };
