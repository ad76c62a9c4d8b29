import type { Profile } from '@manara/contract';
import type { ServingDemand } from './sizing';

/** What a measured profile says of a demand, in place of what is estimated from the model's size. */
export function measuredDemand({
  serviceTimeMillis,
}: Pick<Profile, 'serviceTimeMillis'>): Required<Pick<ServingDemand, 'serviceTimeMillis'>> {
  return { serviceTimeMillis };
}
