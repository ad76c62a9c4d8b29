import type { Source } from '@manara/residency';

/** What was found, the fix, and where the requirement comes from, each on its line. */
export function explain(
  { because, fix }: { readonly because: string; readonly fix: string },
  sources: readonly Source[],
): string {
  return [
    because,
    `fix: ${fix}`,
    ...sources.map(
      ({ title, where, standing, read }) =>
        `source: ${title} (${where}; ${standing}, read ${read})`,
    ),
  ].join('\n');
}
