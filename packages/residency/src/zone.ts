import { DataClass } from './data-class';
import { Jurisdiction, type JurisdictionId } from './jurisdiction';
import { isOnPrem, type OnPremPlace, parsePlace, type Place, placeFact } from './place';
import { ResidencyError } from './residency-error';

/** Why data may lawfully go to a place outside the jurisdiction. */
export interface Transfer<P extends Place = Place> {
  readonly to: P;
  /** Article that permits it, for example `DIFC DPL Art 27(2)(a)`. */
  readonly basis: string;
  /** Where the evidence is kept: contract, approval or register entry. */
  readonly evidence: string;
}

/**
 * What rules read of a zone: jurisdiction, permitted places and the data in it. `P` is the union of
 * its places; whatever is placed in the zone carries it, so that a sink elsewhere does not compile.
 */
export interface ResidencyZone<P extends Place = Place> {
  readonly name: string;
  readonly jurisdiction: Jurisdiction;
  readonly places: readonly P[];
  readonly data: readonly DataClass[];
  /** Jurisdiction that each `onprem:` place stands in. */
  readonly onPremises: Readonly<Partial<Record<OnPremPlace, Jurisdiction>>>;
  readonly transfers: readonly Transfer<P>[];
}

/**
 * Refuses a zone that contradicts itself, or that the rules could not judge: each law asks for a known
 * jurisdiction or data class, and would pass over any other. What the law says is for the rules.
 *
 * @throws ResidencyError `invalid-zone`, or `parsePlace`'s, naming the prop.
 */
export function validateZone(zone: ResidencyZone): void {
  const refuse = (message: string): never => {
    throw new ResidencyError('invalid-zone', `zone "${zone.name}": ${message}`);
  };
  if (zone.places.length === 0) refuse('places: expected at least one place, received none');
  if (zone.data.length === 0) refuse('data: expected at least one DataClass, received none');
  if (!Jurisdiction.isJurisdiction(zone.jurisdiction)) {
    refuse(`jurisdiction: ${expectedJurisdiction}; received ${shown(zone.jurisdiction)}`);
  }
  for (const [i, dataClass] of zone.data.entries()) {
    if (!DataClass.isDataClass(dataClass)) {
      refuse(`data.${i}: ${expectedDataClass}; received ${shown(dataClass)}`);
    }
  }
  for (const [place, jurisdiction] of Object.entries(zone.onPremises)) {
    if (jurisdiction !== undefined && !Jurisdiction.isJurisdiction(jurisdiction)) {
      refuse(`onPremises["${place}"]: ${expectedJurisdiction}; received ${shown(jurisdiction)}`);
    }
  }
  for (const place of zone.places) parsePlace(place);
  for (const place of zone.places.filter(isOnPrem)) {
    if (zone.onPremises[place] === undefined) {
      refuse(
        `onPremises: "${place}" stands in no jurisdiction; add { "${place}": Jurisdiction.AE_ONSHORE } (or the one it is in)`,
      );
    }
  }
  for (const [i, transfer] of zone.transfers.entries()) {
    if (!zone.places.includes(transfer.to)) {
      refuse(
        `transfers.${i}.to: expected one of ${zone.places.join(', ')}; received "${transfer.to}"`,
      );
    }
    for (const key of ['basis', 'evidence'] as const) {
      if (transfer[key].trim() === '')
        refuse(`transfers.${i}.${key}: expected text, received none`);
    }
  }
}

const expectedJurisdiction = 'expected Jurisdiction.AE_ONSHORE, DIFC or ADGM';
const expectedDataClass = 'expected DataClass.PERSONAL, HEALTH, FINANCIAL, GOVERNMENT or PUBLIC';

function shown(received: unknown): string {
  return typeof received === 'string' ? `the text "${received}"` : String(received);
}

/** Jurisdiction that a place stands in, as the zone sees it; `undefined` where it is outside the UAE. */
export function jurisdictionOf(place: Place, zone: ResidencyZone): JurisdictionId | undefined {
  if (isOnPrem(place)) return zone.onPremises[place]?.id;
  // Cloud regions in the UAE stand onshore; none is known inside a financial free zone.
  return placeFact(place)?.country === 'AE' ? 'AE-onshore' : undefined;
}

/** Whether a place lies inside the UAE, in any of its jurisdictions. */
export function isInsideUae(place: Place, zone: ResidencyZone): boolean {
  return jurisdictionOf(place, zone) !== undefined;
}
