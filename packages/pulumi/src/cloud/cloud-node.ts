import {
  dataFlows,
  type DeclaresFlows,
  type DescribesItself,
  type DossierPart,
  dossierPart,
  type ResidencyZone,
  say,
} from '@manara/constructs';
import type { Cloud, DataFlow, Place } from '@manara/residency';
import { Construct } from 'constructs';
import { DeployError } from '../deploy-error';
import type { CloudEnd } from './cloud-flows';

/** What a component is, in its cloud and in Pulumi. */
export interface CloudKind {
  readonly cloud: Cloud;
  /** Name of the component's class: `ModelBucket`. */
  readonly name: string;
  /**
   * What it is for, in a few words.
   * @default - its name says it
   */
  readonly does?: string;
  /**
   * What holds for each of its kind, whatever it is given; each stands among the controls of the dossier.
   * @default - nothing
   */
  readonly holds?: readonly string[];
}

/** Type token of a component in Pulumi: `manara:aws:ModelBucket`. */
export function typeOf({ cloud, name }: Pick<CloudKind, 'cloud' | 'name'>): string {
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
export class CloudNode extends Construct implements DeclaresFlows, DescribesItself {
  readonly #flows: readonly DataFlow[];

  /** @throws DeployError MANARA_NAME for a name that another component of its kind has in the zone */
  constructor(
    zone: ResidencyZone,
    readonly name: string,
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

  [dossierPart](): DossierPart {
    const { kind, name, place, node } = this;
    const title = say`${componentTitle(kind, name)}`;
    return {
      blocks: [
        {
          kind: 'technology',
          id: node.path,
          name: `${kind.name} ${name}`,
          does: [kind.does ?? kind.name],
          place,
        },
      ],
      controls: (kind.holds ?? []).map((what) => ({
        owner: node.path,
        what: [what],
        at: 'cloud',
        evidence: [{ said: say`component ${title} of the stack` }],
      })),
    };
  }

  [dataFlows](): readonly DataFlow[] {
    return this.#flows;
  }
}
