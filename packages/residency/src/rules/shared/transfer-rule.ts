import { carries, flowEnds } from '../../flow';
import type { DataClassId } from '../../data-class';
import type { JurisdictionId } from '../../jurisdiction';
import type { Place } from '../../place';
import { compliant, notApplicable, type Rule, violation } from '../../rule';
import type { ResidencyZone } from '../../zone';

/** What the three transfer laws differ in. */
export interface TransferLaw extends Pick<Rule, 'id' | 'title' | 'sources'> {
  /** Zones that the law governs. */
  readonly jurisdiction: JurisdictionId;
  /** Classes that it protects. */
  readonly classes: readonly DataClassId[];
  /** Whether a place lies outside the law's territory. */
  isAbroad(place: Place, zone: ResidencyZone): boolean;
  /** Short name of the law, and the articles that a basis may rest on. */
  readonly cites: RegExp;
  /** A basis as it may be written, for the message. */
  readonly example: string;
  /** The law and its articles in words, for the message. */
  readonly articles: string;
}

/** A rule under which protected data may be outside the jurisdiction on a stated basis only. */
export function transferRule(law: TransferLaw): Rule {
  return {
    id: law.id,
    title: law.title,
    sources: law.sources,
    check(flow, zone) {
      if (zone.jurisdiction.id !== law.jurisdiction) return notApplicable;
      if (flow.status !== 'declared' || !carries(flow, ...law.classes)) return notApplicable;
      for (const end of flowEnds(flow).filter((e) => law.isAbroad(e.place, zone))) {
        const transfer = zone.transfers.find((t) => t.to === end.place);
        const add = `add a transfer to "${end.place}" to the zone, with a basis such as "${law.example}" and its evidence; or keep the flow inside ${zone.jurisdiction.title}`;
        const abroad = `"${end.name}" is at ${end.place}, outside ${zone.jurisdiction.id}`;
        if (transfer === undefined) {
          return violation(`${abroad}, and the zone states no transfer basis for it`, add);
        }
        if (!law.cites.test(transfer.basis)) {
          return violation(
            `${abroad}, and its transfer basis cites none of ${law.articles}: "${transfer.basis}"`,
            add,
          );
        }
      }
      return compliant;
    },
  };
}
