import type { RemediationAction } from '@manara/contract';
import { Duration } from 'cdk8s';
import { ConstructError } from '../../construct-error';
import type { LoweredWorkload } from '../../engines/lowering';
import { duration } from '../../props/kinds';
import { anyNumber, checkProps, listOf, optional, text } from '../../props/props';
import { type EndpointAlert, endpointAlertNames } from '../rules/alert-names';

export interface RemediationOptions {
  /**
   * Alerts that it answers.
   * @default - those that the action was made for
   */
  readonly alerts?: readonly EndpointAlert[];
  /**
   * Time after one action on an object within which there is no other.
   * @default Duration.minutes(10)
   */
  readonly coolDown?: Duration;
}

export interface ScaleOutOptions extends RemediationOptions {
  /**
   * Replicas more than there are, in percent; never more than twice those that the peak takes.
   * @default 50
   */
  readonly percent?: number;
}

export interface FallBackOptions extends RemediationOptions {
  /**
   * Version that answers from then on.
   * @default - the highest below the default version; nothing is done where there is none
   */
  readonly version?: number;
}

type Written = RemediationAction extends infer One
  ? One extends RemediationAction
    ? Omit<One, 'alert' | 'coolDownSeconds'>
    : never
  : never;

const common = { alerts: optional(listOf(text)), coolDown: optional(duration) };

/** Something that is done about alerts without a person, within bounds. */
export class Remediation {
  /**
   * Keeps more replicas for as long as the alert lasts.
   *
   * @throws ConstructError MANARA_OBSERVABILITY
   */
  static scaleOut(options: ScaleOutOptions = {}): Remediation {
    const at = 'Remediation.scaleOut';
    checkProps(at, options, { ...common, percent: optional(anyNumber) });
    const { percent = 50 } = options;
    if (!Number.isInteger(percent) || percent < 1 || percent > 100) {
      refuse(at, `percent: expected a whole number from 1 to 100; received ${percent}`);
    }
    const alerts = ['ManaraRequestsRefused', 'ManaraLatencyFastBurn'] as const;
    return new Remediation(at, { alerts, ...options }, ({ autoscaler, capacity }) =>
      // Another autoscaler, such as KEDA's, writes this one anew.
      autoscaler.kind === 'HorizontalPodAutoscaler'
        ? {
            kind: 'scaleOut',
            autoscaler: autoscaler.name,
            percent,
            maxReplicas: Math.max(capacity.idleReplicas + 1, capacity.peakReplicas * 2),
          }
        : undefined,
    );
  }

  /**
   * Has another version answer until the next deployment.
   *
   * @throws ConstructError MANARA_OBSERVABILITY
   */
  static fallBack(options: FallBackOptions = {}): Remediation {
    const at = 'Remediation.fallBack';
    checkProps(at, options, { ...common, version: optional(anyNumber) });
    const alerts = ['ManaraModelQuality'] as const;
    return new Remediation(at, { alerts, ...options }, ({ endpoint, controller }) => {
      if (controller.kind !== 'Deployment') return undefined;
      const { name: model, defaultVersion, versions } = endpoint;
      const numbers = versions.map(({ number }) => number);
      const version = options.version ?? numbers.findLast((number) => number < defaultVersion);
      if (version === undefined) return undefined;
      if (!numbers.includes(version)) {
        refuse(
          endpoint.path,
          `remediation: falls back to version ${version}; expected one of ${numbers.join(', ')}`,
        );
      }
      return { kind: 'fallBack', deployment: controller.name, model, version };
    });
  }

  /**
   * Ends a rollout that is under way.
   *
   * @throws ConstructError MANARA_OBSERVABILITY
   */
  static abortRollout(options: RemediationOptions = {}): Remediation {
    const at = 'Remediation.abortRollout';
    checkProps(at, options, common);
    const alerts = [
      'ManaraAvailabilityFastBurn',
      'ManaraLatencyFastBurn',
      'ManaraModelQuality',
    ] as const;
    return new Remediation(at, { alerts, ...options }, ({ endpoint }) => ({
      kind: 'abortRollout',
      rollout: endpoint.name,
    }));
  }

  /** Names of the alerts that it answers. */
  readonly alerts: readonly EndpointAlert[];
  private readonly coolDownSeconds: number;

  private constructor(
    at: string,
    { alerts = [], coolDown = Duration.minutes(10) }: RemediationOptions,
    private readonly write: (workload: LoweredWorkload) => Written | undefined,
  ) {
    const unknown = alerts.find((alert) => !endpointAlertNames.includes(alert));
    if (unknown !== undefined || alerts.length === 0) {
      const received = unknown === undefined ? 'none' : `"${unknown}"`;
      refuse(at, `alerts: expected some of ${endpointAlertNames.join(', ')}; received ${received}`);
    }
    this.alerts = alerts;
    this.coolDownSeconds = coolDown.toSeconds();
  }

  /** What it comes to for an endpoint, once for each of its alerts that the endpoint has. */
  actionsFor(workload: LoweredWorkload, has: ReadonlySet<string>): readonly RemediationAction[] {
    const written = this.write(workload);
    if (written === undefined) return [];
    return this.alerts
      .filter((alert) => has.has(alert))
      .map((alert) => ({ ...written, alert, coolDownSeconds: this.coolDownSeconds }));
  }
}

function refuse(at: string, message: string): never {
  throw new ConstructError('MANARA_OBSERVABILITY', at, message);
}
