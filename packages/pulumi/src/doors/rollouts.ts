import * as constructs from '@manara/constructs';
import type { Place } from '@manara/residency';
import type { ComponentResourceOptions } from '@pulumi/pulumi';
import { toLate, type WithInputs } from './inputs';
import type { ModelEndpoint } from './model-endpoint';
import { RolloutComponent } from './rollout-component';

/** What the doors of all rollouts take in place of what their constructs do. */
export interface RolloutArgs<P extends Place> {
  /** Endpoint whose pods are replaced; made just before, without an await between. */
  readonly endpoint: ModelEndpoint<P>;
  /**
   * Prometheus that the controller asks.
   * @default - the one that each site's metrics are stored in
   */
  readonly prometheus?: WithInputs<constructs.PrometheusProps<P>>;
}

export interface CanaryRolloutArgs<P extends Place>
  extends RolloutArgs<P>, Omit<constructs.CanaryRolloutProps<P>, 'prometheus'> {}

export interface BlueGreenRolloutArgs<P extends Place>
  extends RolloutArgs<P>, Omit<constructs.BlueGreenRolloutProps<P>, 'prometheus'> {}

export interface ShadowRolloutArgs<P extends Place>
  extends RolloutArgs<P>, Omit<constructs.ShadowRolloutProps<P>, 'prometheus'> {}

/** Puts the endpoint in front, from which the places are inferred. */
type Of<P extends Place, Args> = { readonly endpoint: ModelEndpoint<P> } & Args;

/** New pods get a growing share of an endpoint's requests. */
export class CanaryRollout<const P extends Place = Place> extends RolloutComponent<
  P,
  constructs.CanaryRollout<P>
> {
  /** @throws as the construct of that name, and as `RolloutComponent` */
  constructor(
    name: string,
    args: Of<P, CanaryRolloutArgs<NoInfer<P>>>,
    opts?: ComponentResourceOptions,
  ) {
    const { endpoint, ...props } = args;
    const build = (scope: constructs.ModelEndpoint<P>, id: string) =>
      new constructs.CanaryRollout<P>(
        scope,
        id,
        toLate<constructs.CanaryRolloutProps<P>>('CanaryRollout', props),
      );
    super('manara:index:CanaryRollout', name, { endpoint, build }, opts);
  }
}

/** As many new pods as there are get all of an endpoint's requests at once, without a mesh. */
export class BlueGreenRollout<const P extends Place = Place> extends RolloutComponent<
  P,
  constructs.BlueGreenRollout<P>
> {
  /** @throws as the construct of that name, and as `RolloutComponent` */
  constructor(
    name: string,
    args: Of<P, BlueGreenRolloutArgs<NoInfer<P>>>,
    opts?: ComponentResourceOptions,
  ) {
    const { endpoint, ...props } = args;
    const build = (scope: constructs.ModelEndpoint<P>, id: string) =>
      new constructs.BlueGreenRollout<P>(
        scope,
        id,
        toLate<constructs.BlueGreenRolloutProps<P>>('BlueGreenRollout', props),
      );
    super('manara:index:BlueGreenRollout', name, { endpoint, build }, opts);
  }
}

/** New pods get a copy of an endpoint's inferences, and nobody their answers. */
export class ShadowRollout<const P extends Place = Place> extends RolloutComponent<
  P,
  constructs.ShadowRollout<P>
> {
  /** @throws as the construct of that name, and as `RolloutComponent` */
  constructor(
    name: string,
    args: Of<P, ShadowRolloutArgs<NoInfer<P>>>,
    opts?: ComponentResourceOptions,
  ) {
    const { endpoint, ...props } = args;
    const build = (scope: constructs.ModelEndpoint<P>, id: string) =>
      new constructs.ShadowRollout<P>(
        scope,
        id,
        toLate<constructs.ShadowRolloutProps<P>>('ShadowRollout', props),
      );
    super('manara:index:ShadowRollout', name, { endpoint, build }, opts);
  }
}
