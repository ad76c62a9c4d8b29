import {
  parseRemediationTable,
  remediation,
  type RemediationAction,
  remediationConfigMap,
  type ToldAlert,
} from '@manara/contract';
import { abortRollout } from './abort-rollout';
import { notDone, type Outcome, type Task } from './action';
import { fallBack } from './fall-back';
import type { Kube } from './kube';
import { recordEvent, type RemediationLog } from './record';
import { scaleBack, scaleOut } from './scale-out';

/** Names of objects are parts of paths. */
const objectName = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Does what the table of an alert's endpoint allows about it. Tables are read from the cluster, where only
 * deployments write them: an alert chooses among actions and bounds, and brings none along.
 */
export class Remediator {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly kube: Kube,
    private readonly log: RemediationLog,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * One after the other, those of other calls too.
   *
   * @throws Error where the cluster could not be asked; the same alerts may be told again
   */
  handle(alerts: readonly ToldAlert[]): Promise<void> {
    const turn = this.last.then(async () => {
      for (const alert of alerts) await this.answer(alert);
    });
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async answer(alert: ToldAlert): Promise<void> {
    const { alertname = '', job = '' } = alert.labels;
    const actions = await this.actionsOf(job);
    for (const action of actions.filter((one) => one.alert === alertname)) {
      const task = { kube: this.kube, alert: alertname, firing: firingOf(alert), now: this.now() };
      const outcome = await act(action, alert.status, task);
      this.log.write({ endpoint: job, alert: alertname, status: alert.status, action, outcome });
      if (outcome.done) await recordEvent(this.kube, alertname, outcome, this.now());
    }
  }

  private async actionsOf(endpoint: string): Promise<readonly RemediationAction[]> {
    if (!objectName.test(endpoint)) return [];
    const name = remediationConfigMap(endpoint);
    const path = `/api/v1/namespaces/${this.kube.namespace}/configmaps/${name}`;
    const text = (await this.kube.get(path))?.data?.[remediation.configMapKey];
    return text === undefined ? [] : parseRemediationTable(text).actions;
  }
}

/** Tells one time that an alert fires from the next. */
function firingOf({ fingerprint, startsAt }: ToldAlert): string {
  return `${fingerprint}/${startsAt}`;
}

function act(action: RemediationAction, status: ToldAlert['status'], task: Task): Promise<Outcome> {
  const isOver = status === 'resolved';
  switch (action.kind) {
    case 'scaleOut':
      return isOver ? scaleBack(action, task) : scaleOut(action, task);
    case 'fallBack':
      return isOver ? over : fallBack(action, task);
    case 'abortRollout':
      return isOver ? over : abortRollout(action, task);
  }
}

const over = Promise.resolve(notDone('the alert is over; what was done stays'));
