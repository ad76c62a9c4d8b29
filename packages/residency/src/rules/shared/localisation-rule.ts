import type { DataClassId } from '../../data-class';
import { carries, flowEnds } from '../../flow';
import { compliant, notApplicable, type Rule, violation } from '../../rule';
import { isInsideUae } from '../../zone';

/** A law that keeps a class of data inside the UAE, whatever transfer basis the zone states. */
export interface LocalisationLaw extends Pick<Rule, 'id' | 'title' | 'sources'> {
  readonly dataClass: DataClassId;
  /** What the data is called in messages: `health data`. */
  readonly subject: string;
  /** What the law forbids abroad. */
  readonly forbids: string;
  readonly fix: string;
}

export function localisationRule(law: LocalisationLaw): Rule {
  return {
    id: law.id,
    title: law.title,
    sources: law.sources,
    check(flow, zone) {
      if (flow.status !== 'declared' || !carries(flow, law.dataClass)) return notApplicable;
      const abroad = flowEnds(flow).find((end) => !isInsideUae(end.place, zone));
      if (abroad === undefined) return compliant;
      return violation(
        `"${abroad.name}" is at ${abroad.place}, outside the UAE; ${law.subject} may not be ${law.forbids} there, transfer basis or not`,
        law.fix,
      );
    },
  };
}
