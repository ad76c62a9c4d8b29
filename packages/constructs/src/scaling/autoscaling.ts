import { ConstructError } from '../construct-error';
import { anyNumber, checkProps, kind, listOf, optional, shown, text } from '../props/props';
import { metricName, ScalingMetric } from './scaling-metric';

export interface AutoscalingOptions {
  /**
   * What it follows; of several, what asks for most counts.
   * @default - CPU; the GPU, for engines that have one
   */
  readonly on?: readonly [ScalingMetric, ...ScalingMetric[]];
  /**
   * Replicas that there may be at most on a site, by a quota for example. An objective that takes more is
   * refused.
   * @default - twice what the peak takes
   */
  readonly mostReplicas?: number;
  /**
   * Name of a PriorityClass of the cluster that its pods have: where there is no room, they take that of
   * pods of a lower one.
   * @default - the cluster's own
   */
  readonly priorityClass?: string;
}

export interface KedaOptions extends AutoscalingOptions {
  /**
   * Whether there may be no replicas while nobody asks. Refused where the objective does not permit it.
   * @default false
   */
  readonly scaleToZero?: boolean;
}

/** What owns an endpoint's number of replicas. */
export type Autoscaler = 'hpa' | 'keda';

const metric = kind('a ScalingMetric', (value) => ScalingMetric.isScalingMetric(value));
const yesOrNo = kind('true or false', (value) => typeof value === 'boolean');
const hpaKinds = {
  on: optional(listOf(metric)),
  mostReplicas: optional(anyNumber),
  priorityClass: optional(text),
};

/** Two copies of this package, in one program, must know each other's. */
const brand = Symbol.for('@manara/constructs.Autoscaling');

/** How an endpoint's replicas follow the load. */
export class Autoscaling {
  static isAutoscaling(x: unknown): x is Autoscaling {
    return typeof x === 'object' && x !== null && brand in x;
  }

  /**
   * Kubernetes' own HorizontalPodAutoscaler.
   *
   * @throws ConstructError MANARA_SCALING for what it cannot follow, and a number out of range
   */
  static hpa(options: AutoscalingOptions = {}): Autoscaling {
    const at = 'Autoscaling.hpa';
    checkProps(at, options, hpaKinds);
    const foreign = options.on?.find(({ identity }) => isKedas(identity.kind));
    if (foreign !== undefined) {
      refuse(
        at,
        'on',
        'ScalingMetric.cpu(), .inFlight() or .gpu(); Autoscaling.keda() follows the others',
        metricName(foreign),
      );
    }
    return new Autoscaling(at, 'hpa', options);
  }

  /**
   * KEDA's ScaledObject: request rates, jobs, the hours of `traffic.busyHours`, and down to no replicas.
   *
   * @throws ConstructError MANARA_SCALING for a number out of range
   */
  static keda(options: KedaOptions = {}): Autoscaling {
    const at = 'Autoscaling.keda';
    checkProps(at, options, { ...hpaKinds, scaleToZero: optional(yesOrNo) });
    return new Autoscaling(at, 'keda', options);
  }

  readonly on: readonly ScalingMetric[] | undefined;
  readonly mostReplicas: number | undefined;
  readonly priorityClass: string | undefined;
  readonly scaleToZero: boolean;

  private constructor(
    at: string,
    readonly by: Autoscaler,
    { on, mostReplicas, priorityClass, scaleToZero = false }: KedaOptions,
  ) {
    Object.defineProperty(this, brand, { value: true });
    if (on !== undefined) {
      const kinds = on.map(({ identity }) => identity.kind);
      const isOnce = kinds.length > 0 && new Set(kinds).size === kinds.length;
      if (!isOnce)
        refuse(at, 'on', 'each metric once, and one at least', kinds.join(', ') || 'none');
    }
    if (mostReplicas !== undefined && !(Number.isSafeInteger(mostReplicas) && mostReplicas >= 1)) {
      refuse(at, 'mostReplicas', 'a whole number above 0', String(mostReplicas));
    }
    if (priorityClass !== undefined && !className.test(priorityClass)) {
      const expected = 'the name of a PriorityClass such as critical-serving';
      refuse(at, 'priorityClass', expected, shown(priorityClass));
    }
    this.on = on;
    this.mostReplicas = mostReplicas;
    this.priorityClass = priorityClass;
    this.scaleToZero = scaleToZero;
  }
}

/** A DNS name. */
const className = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

function isKedas(name: string): boolean {
  return name === 'requestRate' || name === 'jobs';
}

function refuse(at: string, prop: string, expected: string, received: string): never {
  throw new ConstructError(
    'MANARA_SCALING',
    at,
    `${prop}: expected ${expected}; received ${received}`,
  );
}
