import type { DossierSection } from '@manara/constructs';

/** A section with what a link to it is called. */
export interface Anchored {
  readonly section: DossierSection;
  readonly anchor: string;
  readonly children: readonly Anchored[];
}

/**
 * Sections with anchors of their own: no two are alike, however they are called.
 *
 * @param textOf what an anchor is made from
 */
export function anchored(
  sections: readonly DossierSection[],
  textOf: (section: DossierSection) => string,
  taken = new Map<string, number>(),
): readonly Anchored[] {
  return sections.map((section) => {
    const anchor = unique(slug(textOf(section)), taken);
    return { section, anchor, children: anchored(section.sections ?? [], textOf, taken) };
  });
}

/** As GitHub makes it of a heading. */
function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

function unique(wanted: string, taken: Map<string, number>): string {
  const count = taken.get(wanted);
  taken.set(wanted, (count ?? 0) + 1);
  return count === undefined ? wanted : unique(`${wanted}-${count}`, taken);
}
