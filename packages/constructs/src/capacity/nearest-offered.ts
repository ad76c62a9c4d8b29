import type { InstanceOfferings } from '@manara/residency';

/**
 * The types that come nearest to one that is not offered, at most two. Nothing is known of that one but
 * its name: a type of its family counts more than one of its line (`p4d` and `p5en`), and that more than
 * one of its size.
 */
export function nearestOffered(type: string, offerings: InstanceOfferings): readonly string[] {
  const wanted = partsOf(type);
  const scored = Object.keys(offerings).map((name) => ({
    name,
    score: score(wanted, partsOf(name)),
  }));
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.name.localeCompare(b.name, 'en', { numeric: true }))
    .slice(0, 2)
    .map(({ name }) => name);
}

interface TypeParts {
  readonly family: string;
  /** Letters that the family begins with: `p` of `p4d`, `standard_nc` of Azure's. */
  readonly line: string;
  /** Multiple of a size: 24 of `24xlarge`, and of `Standard_NC24ads_A100_v4`. */
  readonly multiple: number;
}

function partsOf(type: string): TypeParts {
  const [family = '', size] = type.toLowerCase().split('.');
  const line = /^[a-z_]+/.exec(family)?.[0] ?? family;
  const number = /\d+/.exec(size ?? family.slice(line.length))?.[0];
  return { family: size === undefined ? line : family, line, multiple: Number(number ?? 1) };
}

function score(wanted: TypeParts, offered: TypeParts): number {
  const family = wanted.family === offered.family ? 4 : wanted.line === offered.line ? 2 : 0;
  if (family === 0) return 0;
  const ratio =
    Math.min(wanted.multiple, offered.multiple) / Math.max(wanted.multiple, offered.multiple, 1);
  return family + ratio;
}
