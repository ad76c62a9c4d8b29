import { rules } from '@manara/residency';
import type { ResidencyZone } from '../residency-zone';
import type { DossierContext, DossierPart } from './dossier-part';
import { list, say, words } from './text';

/** What a zone says of itself: the boundary, and what keeps data inside of it. */
export function zonePart(zone: ResidencyZone, { manara, typeCheck }: DossierContext): DossierPart {
  const owner = zone.node.path;
  const places = list(zone.places);
  return {
    blocks: [
      {
        kind: 'architecture',
        id: owner,
        name: `Residency boundary of ${zone.name}`,
        does: say`Keeps ${words(zone.data.map(({ title }) => title))} in ${places}, under the law of ${[zone.jurisdiction.title]} (${zone.jurisdiction.id})`,
      },
    ],
    controls: [
      ...(typeCheck === undefined
        ? []
        : [
            {
              owner,
              what: say`A sink, a store or a site outside of ${places} does not compile, as far as the program keeps the zone's own type`,
              at: 'type' as const,
              evidence: [{ said: say`${typeCheck}` }],
            },
          ]),
      {
        owner,
        what: say`Every flow of data is judged by ${rules.length} rules; one that breaks a rule stops ${'manara synth'} and a deployment with Pulumi`,
        at: 'synth',
        evidence: [{ said: say`${manara('audit')}` }],
      },
      {
        owner,
        what: say`What a Kubernetes object of a site would let out without a declared flow is a violation, whoever wrote the object`,
        at: 'synth',
        evidence: [{ said: say`rule ${'flow-is-declared'} of ${manara('audit')}` }],
      },
    ],
    uncontrolled: [
      {
        owner,
        what: say`Whether an address that names no region really is in the place that the tree states`,
        instead: say`Keep the contract or the provider's statement for each such address beside this document`,
      },
    ],
    gates: [
      ...(typeCheck === undefined
        ? []
        : [
            {
              stage: 'code' as const,
              name: 'Types',
              checks: say`What is placed in zone ${zone.name} is at one of ${places}. Manara itself strips types and does not check them`,
              command: typeCheck,
            },
          ]),
      {
        stage: 'build',
        name: 'Residency audit',
        checks: say`Every flow of zone ${zone.name} against ${rules.length} rules; exit code 1 where one is broken`,
        command: manara('audit'),
      },
    ],
  };
}
