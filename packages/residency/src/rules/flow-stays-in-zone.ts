import { flowEnds } from '../flow';
import { compliant, notApplicable, type Rule, violation } from '../rule';
import { declaration } from '../source';

/** Both ends of every flow lie in a place that the zone permits. Source: the zone itself. */
export const flowStaysInZone: Rule = {
  id: 'flow-stays-in-zone',
  title: 'both ends of every flow lie in a place that the zone permits',
  sources: [declaration("the zone's list of places")],
  check(flow, zone) {
    if (flow.status !== 'declared') return notApplicable;
    const outside = flowEnds(flow).find((end) => !zone.places.includes(end.place));
    if (outside === undefined) return compliant;
    return violation(
      `"${outside.name}" is at ${outside.place}, outside zone "${zone.name}" (${zone.places.join(', ')})`,
      `use one inside the zone, or add "${outside.place}" to the zone's places with a lawful transfer basis`,
    );
  },
};
