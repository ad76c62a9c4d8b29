import { type Field, staticTable } from './static-table';

/**
 * Encodes a head as it is, by the static table alone: what is said twice is not shortened, and there is
 * no state to keep in step with the other side.
 */
export function encodeFields(fields: readonly Field[]): Buffer {
  return Buffer.concat(fields.flatMap(([name, value]) => fieldParts(name, value)));
}

function fieldParts(name: string, value: string): readonly Buffer[] {
  const whole = staticTable.findIndex((field) => field[0] === name && field[1] === value) + 1;
  if (whole > 0) return [integer(whole, 7, 0x80)];
  const index = staticTable.findIndex(([known]) => known === name) + 1;
  return [integer(index, 4, 0), ...(index === 0 ? text(name) : []), ...text(value)];
}

function text(value: string): readonly Buffer[] {
  const bytes = Buffer.from(value, 'latin1');
  return [integer(bytes.length, 7, 0), bytes];
}

/** Source: RFC 7541, section 5.1. */
function integer(value: number, prefixBits: number, flags: number): Buffer {
  const greatest = (1 << prefixBits) - 1;
  if (value < greatest) return Buffer.from([flags | value]);
  const bytes = [flags | greatest];
  let rest = value - greatest;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}
