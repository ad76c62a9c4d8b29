import { keyOf, type Finding } from './finding';

/** A row of the table in `docs/manifest-lint.md`. */
export interface Explanation {
  readonly tool: Finding['tool'];
  readonly check: string;
  readonly kind: string;
  readonly why: string;
}

const tools: readonly string[] = ['kube-score', 'checkov'] satisfies readonly Finding['tool'][];

/** Reads the rows `| tool | check | kind | why |`; throws on a row that explains nothing. */
export function parseExplanations(markdown: string): readonly Explanation[] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    )
    .filter(([tool = '']) => tools.includes(tool))
    .map(([tool, check = '', kind = '', why = '']) => {
      if (check === '' || kind === '' || why === '') {
        throw new Error(
          `a row for ${String(tool)} lacks its check, kind or reason: "${check}" "${kind}"`,
        );
      }
      return { tool: tool as Finding['tool'], check, kind, why };
    });
}

export interface Verdict {
  /** Findings that no row explains. */
  readonly unexplained: readonly Finding[];
  /** Rows that explain nothing any more: to be deleted. */
  readonly obsolete: readonly Explanation[];
}

export function judge(findings: readonly Finding[], explanations: readonly Explanation[]): Verdict {
  const explained = new Set(explanations.map(keyOf));
  const found = new Set(findings.map(keyOf));
  return {
    unexplained: findings.filter((finding) => !explained.has(keyOf(finding))),
    obsolete: explanations.filter((explanation) => !found.has(keyOf(explanation))),
  };
}
