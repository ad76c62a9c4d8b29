import { type DeclaredFlow, flowEnds } from '../flow';
import { isLate } from '../late-marker';
import { compliant, notApplicable, type Rule, violation } from '../rule';

/**
 * Data about people is encrypted on its way: PDPL Art 20. Taken as the floor for every class but
 * public, and in the free zones. A plain `http:` address contradicts a claim of TLS; under mutual TLS
 * the mesh encrypts, and a local flow leaves nothing, so there the scheme says nothing.
 */
export const personalDataIsEncrypted: Rule = {
  id: 'personal-data-is-encrypted',
  title: 'data of every class but public is encrypted on its way',
  sources: [
    {
      title: 'Federal Decree-Law 45/2021 (PDPL), Art 20',
      where: 'uaepdpl.com, reproduced text',
      standing: 'secondary',
      read: '2026-11-22',
    },
    {
      title:
        'Art 20 taken as the floor for health, financial and government data, and in DIFC and ADGM',
      where: 'inferred by Manara',
      standing: 'computed',
      read: '2026-11-22',
    },
  ],
  check(flow) {
    if (flow.status !== 'declared') return notApplicable;
    const classes = flow.dataClasses.filter((dataClass) => dataClass.id !== 'public');
    if (classes.length === 0) return notApplicable;
    const carried = classes.map((dataClass) => dataClass.title).join(' and ');
    if (flow.encryption === 'none') {
      return violation(
        `"${flow.from.name}" sends ${carried} to "${flow.to.name}" without encryption`,
        'use an https: address, or mutual TLS in the mesh',
      );
    }
    const plain = plainAddress(flow);
    if (plain === undefined) return compliant;
    return violation(
      `"${flow.from.name}" sends ${carried} over ${plain}, which is not encrypted, though the flow claims TLS`,
      'use an https: address',
    );
  },
};

function plainAddress(flow: DeclaredFlow): string | undefined {
  if (flow.encryption !== 'tls') return undefined;
  return flowEnds(flow)
    .flatMap((end) => (end.uri === undefined || isLate(end.uri) ? [] : [end.uri]))
    .find((uri) => /^http:/i.test(uri));
}
