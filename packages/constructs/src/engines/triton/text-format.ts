/** A name of an enum's value, which stands without quotes. */
export class Word {
  constructor(readonly text: string) {}
}

type Scalar = string | number | boolean | Word;

/** A message of Protocol Buffers: fields in the order in which they are written; absent ones are left out. */
export interface Message {
  readonly [field: string]: Scalar | Message | readonly Scalar[] | readonly Message[] | undefined;
}

/**
 * Writes a message in Protocol Buffers' text format.
 * Source: protobuf.dev, "Text Format Language Specification"; read 2026-11.
 */
export function textFormat(message: Message): string {
  return lines(message)
    .map((line) => `${line}\n`)
    .join('');
}

/** A map's entries, which are messages of a key and a value. */
export function mapEntries<T extends Scalar | Message>(
  map: Readonly<Record<string, T>>,
): readonly Message[] {
  return Object.entries(map).map(([key, value]) => ({ key, value }));
}

function lines(message: Message): readonly string[] {
  return Object.entries(message).flatMap(([field, value]): readonly string[] => {
    if (value === undefined) return [];
    if (isList(value)) return repeated(field, value);
    return isMessage(value) ? block(field, value) : [`${field}: ${scalar(value)}`];
  });
}

function repeated(field: string, values: readonly (Scalar | Message)[]): readonly string[] {
  const messages = values.filter((value) => isMessage(value));
  if (messages.length > 0) return messages.flatMap((message) => block(field, message));
  // A list without values says nothing, but that of a shape says that it is a scalar's.
  const scalars = values.flatMap((value) => (isMessage(value) ? [] : [scalar(value)]));
  return [`${field}: [${scalars.join(', ')}]`];
}

function block(field: string, message: Message): readonly string[] {
  const inner = lines(message);
  if (inner.length === 0) return [`${field} {}`];
  return [`${field} {`, ...inner.map((line) => `  ${line}`), '}'];
}

function scalar(value: Scalar): string {
  if (value instanceof Word) return value.text;
  return typeof value === 'string' ? quoted(value) : String(value);
}

/** UTF-8 stands as it is; quotes, backslashes and what ends a line do not. */
function quoted(text: string): string {
  const escaped = text.replace(/["\\]|\p{Cc}/gu, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    const bytes = [...Buffer.from(character)];
    return bytes.map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  });
  return `"${escaped}"`;
}

function isList(value: unknown): value is readonly (Scalar | Message)[] {
  return Array.isArray(value);
}

function isMessage(value: Scalar | Message): value is Message {
  return typeof value === 'object' && !(value instanceof Word);
}
