import type { DiagramNode, DossierDiagram } from '@manara/constructs';

/** A diagram in the words of Mermaid, which GitHub and others draw. */
export function mermaid({ groups, nodes, edges }: DossierDiagram): string {
  const ids = new Map(nodes.map(({ id }, i) => [id, `n${i}`]));
  const idOf = (id: string): string => ids.get(id) ?? id;
  const line = (node: DiagramNode): string => `${idOf(node.id)}${shaped(node)}`;
  const inGroups = groups.flatMap(({ id, label }, i) => [
    `  subgraph g${i}["${escaped(label)}"]`,
    ...nodes.filter((node) => node.group === id).map((node) => `    ${line(node)}`),
    '  end',
  ]);
  const known = new Set(groups.map(({ id }) => id));
  const free = nodes.filter(({ group }) => group === undefined || !known.has(group));
  const refused = edges.flatMap(({ tone }, i) => (tone === 'bad' ? [i] : []));
  return [
    'flowchart LR',
    ...inGroups,
    ...free.map((node) => `  ${line(node)}`),
    ...edges.map(
      ({ from, to, label, tone }) =>
        `  ${idOf(from)} ${tone === undefined ? '-->' : '-.->'}|"${escaped(label)}"| ${idOf(to)}`,
    ),
    ...(refused.length === 0 ? [] : [`  linkStyle ${refused.join(',')} stroke:#b3261e`]),
  ].join('\n');
}

const shapes = { service: ['["', '"]'], store: ['[("', '")]'], caller: ['(["', '"])'] } as const;

function shaped({ lines, shape }: DiagramNode): string {
  const [open, close] = shapes[shape];
  return `${open}${lines.map(escaped).join('<br/>')}${close}`;
}

/** Whatever may mean something to Mermaid, or to the HTML that it makes, as a number of its own. */
function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,:/()_-]/gu, (char) => `#${char.codePointAt(0) ?? 0};`);
}
