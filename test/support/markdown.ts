/** A page's headings as GitHub links to them, and the links that it holds. */
export interface MarkdownPage {
  readonly anchors: ReadonlySet<string>;
  /** Targets as written: `docs/cli.md#manara-dev`, `#rules`, `https://…`. */
  readonly links: readonly string[];
}

export function readMarkdown(text: string): MarkdownPage {
  const prose = withoutCode(text);
  const inline = [...prose.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)];
  const defined = [...prose.matchAll(/^ {0,3}\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)/gm)];
  return {
    anchors: new Set(anchorsOf(text)),
    links: [...inline, ...defined].map(([, target]) => target ?? ''),
  };
}

/** What looks like a link in code is none. */
function withoutCode(text: string): string {
  return withoutFences(text).replace(/(`+)(?!`).*?[^`]\1(?!`)/g, '');
}

function withoutFences(text: string): string {
  return text.replace(/^( *)(`{3,}|~{3,})[^\n]*\n[\s\S]*?^ *\2[`~]* *$/gm, '');
}

/**
 * GitHub's way, as `github-slugger` has it: lower case, no punctuation, a hyphen for each space; the
 * second of one name ends in `-1`.
 */
function anchorsOf(text: string): readonly string[] {
  const seen = new Map<string, number>();
  return [...withoutFences(text).matchAll(/^#{1,6} +(.+?) *#* *$/gm)].map(([, heading = '']) => {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}
