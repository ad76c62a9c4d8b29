import type { Datatype } from '@manara/contract';
import { errors } from '../../errors';
import { describe } from '../../protocol/describe';
import type { SymbolicTensor, WireInput } from '../../protocol/tensor';
import type { RequestSignature } from '../../protocol/validate';

/** A row of a batch file. */
export interface Row {
  /** Line of a text file, number of the row of another; from 1. */
  readonly line: number;
  readonly values: Readonly<Record<string, unknown>>;
}

/** A file's rows, with how many of its bytes are read at each. */
export interface RowReader {
  readonly rows: AsyncIterable<Row>;
  bytes(): number;
}

/** How the rows of a file become requests to a model. */
export interface RowPlan {
  /** Whether the first dimension of every input counts rows; otherwise each row is a request. */
  readonly isBatched: boolean;
  readonly inputs: readonly {
    readonly tensor: SymbolicTensor;
    readonly columns: readonly string[];
  }[];
}

/** @throws ServingError FIELD_INVALID where the mapping names an input that the model has not */
export function planRows(
  signature: RequestSignature,
  columns: Readonly<Record<string, readonly string[]>>,
): RowPlan {
  const names = signature.inputs.map(({ name }) => name);
  for (const name of Object.keys(columns)) {
    if (names.includes(name)) continue;
    throw errors.fieldInvalid(`columns.${name}`, 'an input', `one of ${names.join(', ')}`);
  }
  return {
    isBatched: signature.inputs.every(({ shape }) => shape[0] === -1),
    inputs: signature.inputs.map((tensor) => ({
      tensor,
      columns: columns[tensor.name] ?? [tensor.name],
    })),
  };
}

/** The columns of the file that the plan asks for. */
export function columnsOf({ inputs }: RowPlan): readonly string[] {
  return inputs.flatMap(({ columns }) => columns);
}

/**
 * The inputs of a request for some rows, one only where the plan is not batched.
 *
 * @throws ServingError BATCH_COLUMN
 */
export function inputsOf(
  { isBatched, inputs }: RowPlan,
  rows: readonly Row[],
): readonly WireInput[] {
  return inputs.map(({ tensor, columns }) => {
    const data = rows.flatMap((row) => valuesOf(row, tensor.datatype, columns));
    const perRow = data.length / rows.length;
    const inner = innerShape(isBatched ? tensor.shape.slice(1) : tensor.shape, perRow);
    return {
      name: tensor.name,
      datatype: tensor.datatype,
      shape: isBatched ? [rows.length, ...inner] : inner,
      content: { kind: 'json', data },
    };
  });
}

/** A row's shape, where one of its sizes is open: that is what its elements leave for it. */
function innerShape(shape: readonly number[], elements: number): readonly number[] {
  const fixed = shape.filter((size) => size !== -1).reduce((product, size) => product * size, 1);
  const open = shape.indexOf(-1);
  if (open === -1 || !Number.isInteger(elements / fixed)) return shape;
  // Further open sizes stay so, which the check of the request refuses by name.
  return shape.map((size, i) => (i === open ? elements / fixed : size));
}

function valuesOf(row: Row, datatype: Datatype, columns: readonly string[]): readonly unknown[] {
  return columns.flatMap((column) => {
    const value = row.values[column];
    if (value === undefined) {
      const there = Object.keys(row.values).map((name) => `"${name}"`);
      throw errors.batchColumn(column, 'nothing', `one of the file's columns ${there.join(', ')}`);
    }
    return flat(column, datatype, value);
  });
}

function flat(column: string, datatype: Datatype, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => flat(column, datatype, item));
  if (ArrayBuffer.isView(value))
    return [...(value as Uint8Array)].map((item) => scalar(column, datatype, item));
  if (typeof value === 'string' && datatype !== 'BYTES' && value.trimStart().startsWith('[')) {
    return flat(column, datatype, parseList(column, value));
  }
  return [scalar(column, datatype, value)];
}

function parseList(column: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw errors.batchColumn(column, describe(text), 'a list in JSON');
  }
}

/** A value as a request's JSON would have it; CSV has only texts, and other files 64-bit integers. */
function scalar(column: string, datatype: Datatype, value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    if (Number.isSafeInteger(number) || datatype.startsWith('FP')) return number;
    if (datatype === 'BYTES') return String(value);
    throw errors.batchColumn(column, describe(value), 'an integer within ±(2^53-1)');
  }
  if (typeof value !== 'string' || datatype === 'BYTES') return value;
  const text = value.trim();
  if (datatype === 'BOOL') return text === 'true' ? true : text === 'false' ? false : value;
  // Number('') is 0.
  const number = text === '' ? NaN : Number(text);
  return Number.isNaN(number) ? value : number;
}
