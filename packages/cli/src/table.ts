import { stripVTControlCharacters } from 'node:util';

/** Lines of a table with its columns aligned; colours in a cell take no room. */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const table = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...table.map((row) => width(row[column] ?? ''))));
  return table.map((row) =>
    row
      .map((cell, column) =>
        column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - width(cell)),
      )
      .join('  '),
  );
}

function width(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
