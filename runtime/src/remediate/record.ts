import { logFields, type RemediationAction, type ToldAlert } from '@manara/contract';
import type { Logger } from 'pino';
import type { Outcome } from './action';
import type { Kube } from './kube';

/** One look at an alert. */
export interface Remediated {
  readonly endpoint: string;
  readonly alert: string;
  readonly status: ToldAlert['status'];
  readonly action: RemediationAction;
  readonly outcome: Outcome;
}

/** Writes an audit line of each look at an alert, what was left undone and why among them. */
export class RemediationLog {
  constructor(private readonly pino: Logger) {}

  write({ endpoint, alert, status, action, outcome }: Remediated): void {
    this.pino.info(
      {
        [logFields.event]: 'remediation',
        [logFields.model]: endpoint,
        [logFields.action]: action.kind,
        [logFields.status]: status,
        [logFields.outcome]: outcome.done ? outcome.reason : 'none',
        alert,
      },
      outcome.message,
    );
  }

  failed(reason: string): void {
    this.pino.error(
      { [logFields.event]: 'remediation_failed', [logFields.error]: reason },
      'alerts could not be answered; Alertmanager tells of them again',
    );
  }
}

/** An event of the object that was changed: `kubectl get events` shows what was done, and why. */
export async function recordEvent(
  kube: Kube,
  alert: string,
  { object, reason, message }: Extract<Outcome, { readonly done: true }>,
  now: number,
): Promise<void> {
  const { name, uid, resourceVersion } = object.metadata;
  const at = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
  await kube.create(`/api/v1/namespaces/${kube.namespace}/events`, {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { generateName: `${name}-remediation-`, namespace: kube.namespace },
    involvedObject: {
      apiVersion: object.apiVersion,
      kind: object.kind,
      name,
      namespace: kube.namespace,
      uid,
      resourceVersion,
    },
    reason,
    message: `${alert}: ${message}`,
    type: 'Warning',
    source: { component: 'manara-remediator' },
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
  });
}
