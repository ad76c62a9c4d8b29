/** At most this many edits away is a slip of the keys; further away is another name. */
const slip = 2;

/** The candidates nearest to a text, if any is near enough to be meant; all of them on a tie. */
export function nearest(text: string, candidates: readonly string[]): readonly string[] {
  const measured = candidates.map((candidate) => ({ candidate, edits: edits(text, candidate) }));
  const least = Math.min(slip, ...measured.map((m) => m.edits));
  return measured.filter((m) => m.edits === least).map((m) => m.candidate);
}

/** Insertions, deletions and replacements that turn one text into the other (Levenshtein). */
function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [i, letter] of Array.from(from).entries()) {
    let left = i + 1;
    const next = [left];
    for (const [j, other] of Array.from(to).entries()) {
      const [diagonal = 0, above = 0] = row.slice(j, j + 2);
      left = Math.min(diagonal + (letter === other ? 0 : 1), above + 1, left + 1);
      next.push(left);
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
