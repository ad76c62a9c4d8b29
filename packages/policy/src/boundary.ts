import {
  type DataClass,
  type Jurisdiction,
  type OnPremPlace,
  parsePlace,
  type Place,
  type ResidencyZone,
  type Transfer,
  validateZone,
} from '@manara/residency';

/** The zone that a stack stays in. */
export interface ZoneProps {
  readonly jurisdiction: Jurisdiction;
  /** Every place that a resource may be at. */
  readonly places: readonly Place[];
  /** What data the stack may hold; every resource is taken to hold all of it. */
  readonly data: readonly DataClass[];
  /**
   * Why data may lawfully be at a place outside the jurisdiction.
   *
   * @default - every place must be inside it
   */
  readonly transfers?: readonly Transfer[];
  /**
   * Jurisdiction that each `onprem:` place stands in.
   *
   * @default - no such place is permitted
   */
  readonly onPremises?: Readonly<Partial<Record<OnPremPlace, Jurisdiction>>>;
}

export interface BoundaryProps {
  readonly zone: ZoneProps;
  /**
   * Where the things are that a stack names and that give no place away, by their name:
   * - a registry's host: `'bank.azurecr.io': 'azure:uaenorth'`;
   * - the ARN of a bucket that another stack made: `'arn:aws:s3:::archive': 'aws:me-central-1'`;
   * - a Kubernetes provider: `'kubernetes:dubai': 'aws:me-central-1'`; the default one is
   *   `kubernetes:default`.
   *
   * @default - nothing; what gives no place away is refused
   */
  readonly located?: Readonly<Record<string, Place>>;
  /**
   * Why a package (`datadog`), or a type (`command:local:Command`), needs no place. The reason is evidence.
   *
   * @default - nothing; a resource of a cloud that is not known here is refused
   */
  readonly exempt?: Readonly<Record<string, string>>;
}

/** What resources are judged by. */
export interface Boundary {
  readonly zone: ResidencyZone;
  /** The zone's first place, which stands for what has none of its own. */
  readonly home: Place;
  readonly located: ReadonlyMap<string, Place>;
  readonly exempt: ReadonlyMap<string, string>;
}

/**
 * @param name of the pack, which is the zone's in messages.
 * @throws ResidencyError for a zone that contradicts itself, or a place that is none; RangeError for an
 * exemption without a reason.
 */
export function boundaryOf(name: string, props: BoundaryProps): Boundary {
  const { jurisdiction, places, data, transfers = [], onPremises = {} } = props.zone;
  const zone = { name, jurisdiction, places, data, transfers, onPremises };
  validateZone(zone);
  const located = new Map(Object.entries(props.located ?? {}));
  for (const place of located.values()) parsePlace(place);
  const exempt = new Map(Object.entries(props.exempt ?? {}));
  for (const [what, reason] of exempt) {
    if (reason.trim() !== '') continue;
    throw new RangeError(
      `policy pack "${name}": exempt["${what}"]: expected the reason, received none; say why it needs no place`,
    );
  }
  const [home] = places as readonly [Place, ...Place[]];
  return { zone, home, located, exempt };
}
