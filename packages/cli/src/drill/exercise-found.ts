import type { Check } from './check';
import type { Outage } from './outage';
import type { Restoration } from './restore-site';

/** What callers of an endpoint lost. */
export interface EndpointOutage extends Outage {
  readonly endpoint: string;
  /** Requests that failed later, while the site came back. */
  readonly failedLater: number;
}

/** What an exercise found. */
export interface Exercise {
  /** Id of the site that was taken away. */
  readonly lost: string;
  readonly outages: readonly EndpointOutage[];
  /** Why the outages say little or nothing. */
  readonly fault?: string;
  readonly restoration: Restoration;
  readonly checks: readonly Check[];
}
