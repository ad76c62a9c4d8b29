import { hostOf } from '../address';
import { regionOfHost } from '../facts/endpoints';
import { flowEnds } from '../flow';
import { compliant, notApplicable, type Rule, violation } from '../rule';

/**
 * An address that names a cloud region names the one that it is declared at. A private address is no
 * proof: interface endpoints can reach another region's services. Late addresses are not judged.
 * Source: the clouds' own forms of host names, in `facts/endpoints.ts`.
 */
export const uriMatchesPlace: Rule = {
  id: 'uri-matches-place',
  title: 'an address that names a cloud region names the one that it is declared at',
  sources: [
    {
      title: "the table of host forms, each with its cloud's documentation",
      where: '@manara/residency, facts/endpoints.ts',
      standing: 'secondary',
      read: '2026-11-22',
    },
  ],
  check(flow) {
    const revealed = flowEnds(flow).flatMap((end) => {
      const host = end.uri === undefined ? undefined : hostOf(end.uri);
      const region = host === undefined ? undefined : regionOfHost(host);
      return host === undefined || region === undefined ? [] : [{ end, host, place: region.place }];
    });
    if (revealed.length === 0) return notApplicable;
    const wrong = revealed.find(({ end, place }) => place !== end.place);
    if (wrong === undefined) return compliant;
    return violation(
      `"${wrong.end.name}" is declared at ${wrong.end.place}, but its address ${wrong.host} is in ${wrong.place}`,
      `use an address in ${wrong.end.place}, or declare the place ${wrong.place}`,
    );
  },
};
