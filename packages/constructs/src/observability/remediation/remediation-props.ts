import type { Peer } from '../../peer';
import { peer, portNumber } from '../../props/kinds';
import { kind, listOf, optional, record } from '../../props/props';
import type { Remediation } from './remediation';

export interface RemediationProps {
  /** Where the cluster's API server is reached: the network lets the remediator out to it. */
  readonly apiServer: Peer;
  /**
   * Port that it listens on, behind the Service that has 443.
   * @default 6443
   */
  readonly apiServerPort?: number;
  /** The Alertmanager's pods: the network lets in nobody else. */
  readonly alertmanager: Peer;
  /**
   * What is done about which alerts, for every endpoint of the site.
   * @default - Remediation.scaleOut(), Remediation.fallBack() and Remediation.abortRollout()
   */
  readonly actions?: readonly Remediation[];
}

const remediation = kind(
  'a Remediation',
  (value) => typeof (value as Partial<Remediation> | null | undefined)?.actionsFor === 'function',
);

export const remediationKind = record({
  apiServer: peer,
  apiServerPort: optional(portNumber),
  alertmanager: peer,
  actions: optional(listOf(remediation)),
});
