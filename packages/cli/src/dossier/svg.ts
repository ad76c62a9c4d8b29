import type { DossierDiagram } from '@manara/constructs';
import { escapeHtml } from './html-text';
import { draw, lineHeight, type PlacedEdge, type PlacedNode } from './layout';

/** On a narrow page a diagram shrinks as far as its text can be read; then it is moved within its frame. */
const leastScale = 0.68;

/** A diagram as SVG inside of a page, whose style gives it its colours. */
export function svg(diagram: DossierDiagram, id: string): string {
  const drawing = draw(diagram);
  const { width, height } = drawing;
  return [
    `<svg class="diagram" role="img" aria-labelledby="${id}-title ${id}-text" viewBox="0 0 ${width} ${height}" style="max-width:${width}px;min-width:${Math.round(width * leastScale)}px">`,
    `<title id="${id}-title">${escapeHtml(diagram.title)}</title>`,
    `<desc id="${id}-text">${escapeHtml(inWords(diagram))}</desc>`,
    ...arrowHeads(id),
    ...drawing.groups.map(
      ({ x, y, width: w, height: h, label }) =>
        `<g class="group">${rect({ x, y, width: w, height: h }, 12)}${line(label, x - w / 2 + 14, y - h / 2 + 20, 'group-name')}</g>`,
    ),
    ...drawing.edges.map((edge) => edgePath(edge, id)),
    ...drawing.nodes.map(nodeShape),
    ...drawing.edges.map(edgeLabel),
    '</svg>',
  ].join('\n');
}

/** What a picture shows, for those who cannot see it. */
function inWords({ nodes, edges }: DossierDiagram): string {
  const names = new Map(nodes.map(({ id, lines }) => [id, lines.join(' ')]));
  const nameOf = (id: string): string => names.get(id) ?? id;
  return edges
    .map(({ from, to, label }) => `${nameOf(from)} to ${nameOf(to)}: ${label}.`)
    .join(' ');
}

const tones = ['plain', 'bad', 'open', 'good'] as const;

function arrowHeads(id: string): readonly string[] {
  return [
    '<defs>',
    ...tones.map(
      (tone) =>
        `<marker id="${id}-${tone}" class="head ${tone}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 1 10 5 0 9z"/></marker>`,
    ),
    '</defs>',
  ];
}

interface Placed {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function rect({ x, y, width, height }: Placed, radius: number): string {
  return `<rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" height="${round(height)}" rx="${radius}"/>`;
}

function line(text: string, x: number, y: number, className: string): string {
  return `<text class="${className}" x="${round(x)}" y="${round(y)}">${escapeHtml(text)}</text>`;
}

const radii = { service: 8, store: 3, caller: 22 } as const;

function nodeShape(placed: PlacedNode): string {
  const { node, lines, x, y, height } = placed;
  const top = y - height / 2 + (height - lines.length * lineHeight) / 2 + lineHeight - 4.5;
  const texts = lines.map(({ text, isName }, i) =>
    line(text, x, top + i * lineHeight, isName ? 'name' : 'detail'),
  );
  return `<g class="node ${node.shape}">${rect(placed, radii[node.shape])}${texts.join('')}</g>`;
}

function edgePath({ edge, points }: PlacedEdge, id: string): string {
  const tone = edge.tone ?? 'plain';
  return `<path class="edge ${tone}" d="${smooth(points)}" marker-end="url(#${id}-${tone})"/>`;
}

/** Corners between the points become curves. */
function smooth(points: readonly { readonly x: number; readonly y: number }[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const last = rest.at(-1) ?? first;
  const corners = rest.slice(0, -1).map((point, i) => {
    const next = rest[i + 1] ?? last;
    const isLast = i === rest.length - 2;
    const end = isLast ? last : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${at(point)} ${at(end)}`;
  });
  return [`M${at(first)}`, ...(corners.length === 0 ? [`L${at(last)}`] : corners)].join('');
}

function at({ x, y }: { readonly x: number; readonly y: number }): string {
  return `${round(x)} ${round(y)}`;
}

function edgeLabel({ edge, label }: PlacedEdge): string {
  const { lines, x, y, height } = label;
  const top = y - height / 2 + 14;
  const texts = lines.map((text, i) => line(text, x, top + i * 14, 'edge-name'));
  return `<g class="edge-label ${edge.tone ?? 'plain'}">${rect(label, 4)}${texts.join('')}</g>`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
