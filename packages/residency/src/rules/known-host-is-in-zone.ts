import { hostOf } from '../address';
import { hostFact } from '../facts/hosts';
import { type FlowEnd, flowEnds, type FlowKind } from '../flow';
import { isLate } from '../late-marker';
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
      const fact = hostFact(hostIn(end, flow.kind) ?? '');
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

function hostIn({ uri }: FlowEnd, kind: FlowKind): string | undefined {
  if (uri === undefined || isLate(uri)) return undefined;
  if (kind !== 'image') return hostOf(uri);
  // A reference without a host, `library/nginx`, is pulled from Docker Hub.
  return hostOf(uri.replace(/^https:\/\/(.*)$/, '$1/')) ?? 'docker.io';
}
