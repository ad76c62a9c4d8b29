import {
  type DataClass,
  type Jurisdiction,
  type OnPremPlace,
  type Place,
  type ResidencyZone as Zone,
  type Transfer,
  validateZone,
} from '@manara/residency';
import { Construct } from 'constructs';
import {
  type DescribesItself,
  type DossierContext,
  type DossierPart,
  dossierPart,
} from './dossier/dossier-part';
import { zonePart } from './dossier/zone-part';
import { lateFaults } from './late/late-in-tree';
import { validateId } from './props/names';
import { checkProps, listOf, mapOf, object, optional, record, text } from './props/props';
import { auditZone, refusals } from './flows/zone-audit';
import { zoneBrand } from './zone-brand';

export interface ResidencyZoneProps<P extends Place> {
  /** Legal boundary that the data stays in. */
  readonly jurisdiction: Jurisdiction;
  /** Every place that data may be in. They become the type of all that is placed in the zone. */
  readonly places: readonly P[];
  /** Every class of data that flows in the zone. */
  readonly data: readonly DataClass[];
  /**
   * Jurisdiction that each `onprem:` place stands in.
   * @default - none
   */
  readonly onPremises?: Readonly<Partial<Record<OnPremPlace, Jurisdiction>>>;
  /**
   * Legal bases for places outside the jurisdiction.
   * @default - none
   */
  readonly transfers?: readonly Transfer<NoInfer<P>>[];
}

/**
 * Jurisdiction, permitted places and data classes. Sites and endpoints are its children, and their
 * flows are checked whenever the tree is synthesized, by `manara`, `cdk8s synth` and Pulumi alike.
 */
export class ResidencyZone<const P extends Place = Place>
  extends Construct
  implements Zone<P>, DescribesItself
{
  static isResidencyZone(x: unknown): x is ResidencyZone {
    return typeof x === 'object' && x !== null && zoneBrand in x;
  }

  readonly jurisdiction: Jurisdiction;
  readonly places: readonly P[];
  readonly data: readonly DataClass[];
  readonly onPremises: Readonly<Partial<Record<OnPremPlace, Jurisdiction>>>;
  readonly transfers: readonly Transfer<P>[];

  /** @throws ResidencyError for a zone that contradicts itself, ConstructError MANARA_NAME for its id */
  constructor(scope: Construct, id: string, props: ResidencyZoneProps<P>) {
    checkProps(validateId(scope, id), props, {
      jurisdiction: object,
      places: listOf(text),
      data: listOf(object),
      onPremises: optional(mapOf(object)),
      transfers: optional(listOf(record({ to: text, basis: text, evidence: text }))),
    });
    super(scope, id);
    Object.defineProperty(this, zoneBrand, { value: true });
    this.jurisdiction = props.jurisdiction;
    this.places = props.places;
    this.data = props.data;
    this.onPremises = props.onPremises ?? {};
    this.transfers = props.transfers ?? [];
    validateZone(this);
    this.node.addValidation({
      validate: () => [...refusals(auditZone(this).violations), ...lateFaults(this)],
    });
  }

  get name(): string {
    return this.node.id;
  }

  [dossierPart](context: DossierContext): DossierPart {
    return zonePart(this, context);
  }
}
