import { bytesPerElement, type Datatype } from '@manara/contract';
import { errors } from '../errors';
import { viewOf } from './datatypes';
import type { TensorData } from './tensor';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Elements of an input from little-endian bytes: a view of them where they are aligned, a copy
 * where they are not.
 *
 * @param count - elements that the shape needs.
 * @throws ServingError BYTE_LENGTH, BYTES_MALFORMED or VALUE_INVALID, naming the input.
 */
export function decodeBinary(
  name: string,
  datatype: Datatype,
  count: number,
  bytes: Uint8Array,
): TensorData {
  if (datatype === 'BYTES') return decodeStrings(name, count, bytes);
  const size = bytesPerElement(datatype) ?? 1;
  if (bytes.byteLength !== count * size) {
    throw errors.byteLength(
      name,
      bytes.byteLength,
      count * size,
      `${count} elements of ${datatype}`,
    );
  }
  if (datatype === 'BOOL') checkBooleans(name, bytes);
  const aligned =
    bytes.byteOffset % size === 0 && bytes.buffer instanceof ArrayBuffer ? bytes : copyOf(bytes);
  return viewOf(datatype, aligned.buffer as ArrayBuffer, aligned.byteOffset, count);
}

function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

/** The engine takes a bool for granted to be 0 or 1; other bytes are undefined behaviour there. */
function checkBooleans(name: string, bytes: Uint8Array): void {
  const at = bytes.findIndex((byte) => byte > 1);
  if (at >= 0) throw errors.valueInvalid(name, at, `byte ${bytes[at] ?? 0}`, 'byte 0 or 1');
}

/** Each element: its length as a little-endian uint32, then that many bytes of UTF-8. */
function decodeStrings(name: string, count: number, bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Each element takes four bytes at least: a huge count must not allocate before that is known.
  if (count * 4 > bytes.byteLength) {
    throw errors.byteLength(
      name,
      bytes.byteLength,
      count * 4,
      `${count} elements of BYTES (at least)`,
    );
  }
  const out = new Array<string>(count);
  let offset = 0;
  for (let i = 0; i < count; i++) {
    if (offset + 4 > bytes.byteLength) throw errors.bytesMalformed(name, i, 'has no whole length');
    const length = view.getUint32(offset, true);
    offset += 4;
    const left = bytes.byteLength - offset;
    if (length > left) {
      throw errors.bytesMalformed(name, i, `says ${length} bytes, but ${left} are left`);
    }
    out[i] = decodeUtf8(name, i, bytes.subarray(offset, offset + length));
    offset += length;
  }
  if (offset < bytes.byteLength) {
    throw errors.byteLength(name, bytes.byteLength, offset, `${count} elements of BYTES`);
  }
  return out;
}

/**
 * The engine takes strings as Unicode that ends at the first NUL: bytes that are not UTF-8 could
 * not come back the same, and what follows a NUL would be lost without a word.
 */
export function decodeUtf8(name: string, index: number, bytes: Uint8Array): string {
  const text = decoded(name, index, bytes);
  if (text.includes('\0')) throw errors.bytesMalformed(name, index, nulRefused);
  return text;
}

/** Why a string with a NUL is refused. */
export const nulRefused = 'holds a NUL (U+0000), at which the engine would cut it off';

function decoded(name: string, index: number, bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw errors.bytesMalformed(name, index, 'is not UTF-8');
  }
}
