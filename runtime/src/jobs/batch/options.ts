import { errors } from '../../errors';
import { describe } from '../../protocol/describe';
import { asArray, asObject, asString, type JsonObject } from '../../http/fields';
import { type BatchFormat, batchFormats, endingFormat } from './formats';

/** What a batch job does, as its caller asked. */
export interface BatchOptions {
  /** Which columns make up which input of the model. @default - the column of the input's name */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  /** Columns that the output carries beside the model's. */
  readonly keep: readonly string[];
  /** What a row that the model refuses does to the job. */
  readonly onError: 'fail' | 'collect';
  /** @default - that which the ending of `output` names, or that of the input */
  readonly outputFormat: BatchFormat | undefined;
  /** File below the configured output folder. @default - the result is to be fetched only */
  readonly output: string | undefined;
}

const known = ['input', 'columns', 'keep', 'on_error', 'output', 'output_format'] as const;

/** @throws ServingError FIELD_INVALID */
export function readBatchOptions(json: JsonObject): BatchOptions {
  for (const name of Object.keys(json)) {
    if (known.some((field) => field === name)) continue;
    throw errors.fieldInvalid(
      name,
      describe(json[name]),
      `no such field; one of ${known.join(', ')}`,
    );
  }
  const { on_error: onError = 'fail' } = json;
  const output = json.output === undefined ? undefined : asString(json.output, 'output');
  return {
    columns: columnsOf(json.columns),
    keep: json.keep === undefined ? [] : strings(json.keep, 'keep'),
    onError: oneOf(onError, 'on_error', ['fail', 'collect']),
    outputFormat: outputFormat(json.output_format, output),
    output,
  };
}

/** The same from the query of an upload's address: `columns` as JSON, `keep` with commas. */
export function optionsOfQuery(query: URLSearchParams): JsonObject {
  const json: Record<string, unknown> = Object.fromEntries(query);
  if (typeof json.columns === 'string') {
    try {
      json.columns = JSON.parse(json.columns);
    } catch {
      throw errors.fieldInvalid('columns', describe(json.columns), 'JSON such as {"x":["a","b"]}');
    }
  }
  if (typeof json.keep === 'string') json.keep = json.keep.split(',');
  return json;
}

/** A file is what its name says that it is. */
function outputFormat(value: unknown, output: string | undefined): BatchFormat | undefined {
  const named = output === undefined ? undefined : endingFormat(output);
  if (value === undefined) return named;
  const format = oneOf(value, 'output_format', batchFormats);
  if (named === undefined || named === format) return format;
  const fix = `${named}, which the ending of "output" says, or another ending`;
  throw errors.fieldInvalid('output_format', describe(format), fix);
}

function columnsOf(value: unknown): Readonly<Record<string, readonly string[]>> {
  if (value === undefined) return {};
  return Object.fromEntries(
    Object.entries(asObject(value, 'columns')).map(([input, columns]) => {
      const at = `columns.${input}`;
      return [input, typeof columns === 'string' ? [columns] : strings(columns, at)];
    }),
  );
}

function strings(value: unknown, at: string): readonly string[] {
  return asArray(value, at).map((item, i) => asString(item, `${at}[${i}]`));
}

function oneOf<T extends string>(value: unknown, at: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw errors.fieldInvalid(at, describe(value), `one of ${allowed.join(', ')}`);
}
