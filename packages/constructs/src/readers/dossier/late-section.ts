import { lateNamesIn } from '@manara/residency';
import type { Dossier, DossierSection } from '../../dossier/dossier-model';
import { say } from '../../dossier/text';
import { fillIfKnown, type LateValues, splitLate } from '../../late/late';

/** A document with its late values filled in; those that are missing stand by their names, and are listed. */
export function filledDossier(document: Dossier, values: LateValues): Dossier {
  const filled = mapStrings(document, (text) => fillIfKnown(text, values)) as Dossier;
  const names = new Set<string>();
  mapStrings(filled, (text) => {
    for (const name of lateNamesIn(text)) names.add(name);
    return text;
  });
  if (names.size === 0) return filled;
  const named = mapStrings(filled, nameLate) as Dossier;
  return { ...named, sections: [...named.sections, lateSection([...names].sort())] };
}

/** A value that is not known yet is shown by its name, between brackets that nothing else has. */
function nameLate(text: string): string {
  return splitLate(text)
    .map((part) => (typeof part === 'string' ? part : `‹${part.name}›`))
    .join('');
}

function lateSection(names: readonly string[]): DossierSection {
  return {
    id: 'late-values',
    title: 'Known only after deployment',
    content: [
      {
        kind: 'paragraph',
        text: say`Names between ‹ and › stand for values that exist once the stack is deployed. With ${'--values FILE'} the document has them.`,
      },
      {
        kind: 'table',
        title: 'Late values',
        head: ['Name', 'Stands as'],
        rows: names.map((name) => ({ cells: [say`${name}`, say`${`‹${name}›`}`] })),
      },
    ],
  };
}

function mapStrings(x: unknown, replace: (text: string) => string): unknown {
  if (typeof x === 'string') return replace(x);
  if (Array.isArray(x)) return x.map((item) => mapStrings(item, replace));
  if (typeof x !== 'object' || x === null) return x;
  return Object.fromEntries(
    Object.entries(x).map(([key, value]) => [key, mapStrings(value, replace)]),
  );
}
