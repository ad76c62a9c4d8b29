import { dataFlows, type DeclaresFlows, type ResidencyZone } from '@manara/constructs';
import type { Cloud, DataFlow, Place } from '@manara/residency';
import { Construct } from 'constructs';
import { DeployError } from '../deploy-error';
import type { CloudEnd } from './cloud-flows';

/** What a component is, in its cloud and in Pulumi. */
export interface CloudKind {
  readonly cloud: Cloud;
  /** Name of the component's class: `ModelBucket`. */
  readonly name: string;
}

/** Type token of a component in Pulumi: `manara:aws:ModelBucket`. */
export function typeOf({ cloud, name }: CloudKind): string {
  return `manara:${cloud}:${name}`;
}

/**
 * A component in messages: `manara:aws:ModelBucket "models"`.
 *
 * @param name that plain JavaScript may give as something else than text, which is then left out
 */
export function componentTitle(kind: CloudKind, name: string): string {
  const given: unknown = name;
  return typeof given === 'string' ? `${typeOf(kind)} "${given}"` : typeOf(kind);
}

/** A component of a cloud as the readers of the tree see it, below its zone. */
export class CloudNode extends Construct implements DeclaresFlows {
  readonly #flows: readonly DataFlow[];

  /** @throws DeployError MANARA_NAME for a name that another component of its kind has in the zone */
  constructor(
    zone: ResidencyZone,
    name: string,
    readonly kind: CloudKind,
    readonly place: Place,
    flows: (self: CloudEnd) => readonly DataFlow[],
  ) {
    // A colon stands in no id of a site or an endpoint, so that none of them is in the way.
    const id = `${kind.cloud}:${kind.name}:${name}`;
    if (zone.node.tryFindChild(id) !== undefined) {
      throw new DeployError(
        'MANARA_NAME',
        `${componentTitle(kind, name)}: expected a name that no other has in zone "${zone.name}"`,
      );
    }
    super(zone, id);
    this.#flows = flows({ owner: this.node.path, name, place });
  }

  [dataFlows](): readonly DataFlow[] {
    return this.#flows;
  }
}
