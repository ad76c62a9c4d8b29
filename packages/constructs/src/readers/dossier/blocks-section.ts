import type { ApiObject } from 'cdk8s';
import type { DossierContent, DossierSection, DossierTable } from '../../dossier/dossier-model';
import type { BuildingBlock, DossierContext, DossierPart } from '../../dossier/dossier-part';
import { fileOf, objectTitle } from '../../dossier/evidence';
import { joined, list, say, type Text, words } from '../../dossier/text';
import { mergedInterfaces } from './access-diagram';

type Parts = Required<DossierPart>;

/** Building blocks and what is between them, in TOGAF's terms. */
export function blocksSection(parts: Parts, { manara }: DossierContext): DossierSection {
  const sections = [
    section(
      'architecture-building-blocks',
      'Architecture building blocks',
      say`What is needed, whatever provides it.`,
      architecture(parts),
    ),
    section(
      'solution-building-blocks',
      'Solution building blocks',
      say`What provides it, and the objects that it consists of, in the files that ${'manara synth'} writes.`,
      solutions(parts),
    ),
    section(
      'technology-components',
      'Technology components',
      say`What the solution stands on. Clusters and stores that the program does not make are as it states them.`,
      technology(parts),
    ),
    section(
      'interfaces',
      'Interfaces',
      say`Who is let in, by address. ${manara('contract')} writes what callers program against.`,
      interfaces(parts),
    ),
    section(
      'data-entities',
      'Data entities',
      say`What is kept or passed on, and where.`,
      entities(parts),
    ),
  ];
  return {
    id: 'building-blocks',
    title: 'Building blocks',
    content: [],
    sections: sections.filter((one) => one !== undefined),
  };
}

function section(
  id: string,
  title: string,
  lead: Text,
  table: DossierTable,
): DossierSection | undefined {
  if (table.rows.length === 0) return undefined;
  const content: readonly DossierContent[] = [{ kind: 'paragraph', text: lead }, table];
  return { id, title, content };
}

/** Blocks of one id are one: several sites may read one store. */
function blocksOf(
  { blocks }: Parts,
  kind: BuildingBlock['kind'],
): readonly (readonly BuildingBlock[])[] {
  const byId = new Map<string, BuildingBlock[]>();
  for (const block of blocks.filter((one) => one.kind === kind)) {
    byId.set(block.id, [...(byId.get(block.id) ?? []), block]);
  }
  return [...byId.values()];
}

function architecture(parts: Parts): DossierTable {
  const rows = blocksOf(parts, 'architecture').map(([block]) => ({
    cells: [
      [block?.name ?? ''],
      block?.does ?? [],
      words(
        parts.blocks
          .filter(({ realizes = [] }) => realizes.includes(block?.id ?? ''))
          .map(({ name }) => name),
      ),
    ],
  }));
  return {
    kind: 'table',
    title: 'Architecture building blocks',
    head: ['Block', 'What it does', 'Provided by'],
    rows,
  };
}

function solutions(parts: Parts): DossierTable {
  const rows = blocksOf(parts, 'solution').map(([block]) => ({
    cells: [
      [block?.name ?? ''],
      [block?.place ?? ''],
      block?.does ?? [],
      objectsText(block?.objects ?? []),
    ],
  }));
  return {
    kind: 'table',
    title: 'Solution building blocks',
    head: ['Block', 'Place', 'What it is', 'Objects'],
    rows,
  };
}

function technology(parts: Parts): DossierTable {
  const rows = blocksOf(parts, 'technology').map((same) => {
    const [first] = same;
    const does = [...new Map(same.map((one) => [JSON.stringify(one.does), one.does])).values()];
    return {
      cells: [
        [first?.name ?? ''],
        [first?.place ?? ''],
        joined(does, '; '),
        objectsText(first?.objects ?? []),
      ],
    };
  });
  return {
    kind: 'table',
    title: 'Technology components',
    head: ['Component', 'Place', 'What it does', 'Objects'],
    rows,
  };
}

/** Objects by the file that they are in. */
function objectsText(objects: readonly ApiObject[]): Text {
  const files = new Map<string, string[]>();
  for (const object of objects) {
    const file = fileOf(object);
    files.set(file, [...(files.get(file) ?? []), objectTitle(object)]);
  }
  return joined(
    [...files].map(([file, titles]) => say`${list([...new Set(titles)])} in ${file}`),
    '; ',
  );
}

function interfaces(parts: Parts): DossierTable {
  const names = new Map(parts.blocks.map(({ id, name }) => [id, name]));
  const rows = mergedInterfaces(parts.interfaces).map(
    ({ of, name, protocol, address, usedBy }) => ({
      cells: [
        [names.get(of) ?? of],
        [name],
        [protocol],
        say`${address}`,
        usedBy.length === 0 ? ['nobody'] : list(usedBy.map((user) => names.get(user) ?? user)),
      ],
    }),
  );
  return {
    kind: 'table',
    title: 'Interfaces',
    head: ['Block', 'Interface', 'Protocol', 'Address', 'Let in'],
    rows,
  };
}

function entities(parts: Parts): DossierTable {
  const rows = parts.entities.map(({ name, classes, form, kept }) => ({
    cells: [
      [name],
      [classes.map(({ title }) => title).join(', ') || 'no data of the zone'],
      form,
      kept,
    ],
  }));
  return {
    kind: 'table',
    title: 'Data entities',
    head: ['Entity', 'Data', 'Form', 'Kept'],
    rows,
  };
}
