import { hostOf } from '../address';
import { hostFact } from '../facts/hosts';
import { type FlowEnd, flowEnds } from '../flow';
import { placeFact } from '../place';
import { compliant, notApplicable, type Rule, violation } from '../rule';

/**
 * An address on a well-known public host (Docker Hub, Hugging Face, Datadog …) is not passed off as
 * lying in a place where that host keeps nothing. Only hosts in `facts/hosts.ts` are judged, and a
 * late address is not. Source: each host's own, in that table.
 */
export const knownHostIsInZone: Rule = {
  id: 'known-host-is-in-zone',
  title: 'a well-known public host is declared where it really is',
  sources: [
    {
      title: "the table of well-known hosts, each with its operator's documentation",
      where: '@manara/residency, facts/hosts.ts',
      standing: 'secondary',
      read: '2026-11-22',
    },
  ],
  check(flow) {
    const known = flowEnds(flow).flatMap((end) => {
      const fact = hostFact(hostIn(end) ?? '');
      return fact === undefined ? [] : [{ end, fact }];
    });
    if (known.length === 0) return notApplicable;
    const misplaced = known.find(({ end, fact }) => {
      const country = placeFact(end.place)?.country;
      return fact.countries === 'worldwide' || !fact.countries.some((c) => c === country);
    });
    if (misplaced === undefined) return compliant;
    const { end, fact } = misplaced;
    const where =
      fact.countries === 'worldwide' ? 'in no fixed place' : `in ${fact.countries.join(' and ')}`;
    return violation(
      `"${end.name}" is declared at ${end.place}, but ${fact.host} (${fact.operator}) is ${where}: ${fact.source.title}`,
      "mirror it inside the zone and use the mirror's address",
    );
  },
};

function hostIn(end: FlowEnd): string | undefined {
  return end.uri === undefined ? undefined : hostOf(end.uri);
}
