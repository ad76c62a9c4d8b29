import * as constructs from '@manara/constructs';
import type { Place } from '@manara/residency';
import { App } from 'cdk8s';

/**
 * Jurisdiction, permitted places and data classes, with a tree of its own. It is no resource: nothing is
 * deployed for it.
 */
export class ResidencyZone<const P extends Place = Place> extends constructs.ResidencyZone<P> {
  constructor(name: string, props: constructs.ResidencyZoneProps<P>) {
    super(new App(), name, props);
  }
}
