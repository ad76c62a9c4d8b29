import * as constructs from '@manara/constructs';
import type { Place } from '@manara/residency';
import type { ComponentResourceOptions } from '@pulumi/pulumi';
import { ConstructComponent } from './construct-component';
import { toLate, type WithInputs } from './inputs';
import type { Site } from './site';

export interface ObservabilityArgs<P extends Place> extends Omit<
  WithInputs<constructs.ObservabilityProps>,
  'collector'
> {
  /** Site that is watched. Its endpoints come after. */
  readonly site: Site<P>;
  /** Takes the servers' spans and sends them on to the site's sinks; or `none('why')`. */
  readonly collector: WithInputs<constructs.CollectorProps> | constructs.Absent;
}

/**
 * What watches a site: its collector and what belongs to all of it are its children. What watches an endpoint
 * is the endpoint's.
 */
export class Observability<
  const P extends Place = Place,
> extends ConstructComponent<constructs.Observability> {
  /** @throws as the construct of that name, and as `ConstructComponent` */
  constructor(name: string, args: ObservabilityArgs<P>, opts?: ComponentResourceOptions) {
    const { site, ...props } = args;
    const build = (_: unknown, id: string) =>
      new constructs.Observability(
        site.construct,
        id,
        toLate<constructs.ObservabilityProps>('Observability', props),
      );
    super('manara:index:Observability', name, { site, build }, opts);
  }
}
