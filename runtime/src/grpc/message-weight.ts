/** How much of a field's bytes counts: a share of them, or what the message in it holds. */
type Weight = number | Fields;
interface Fields {
  readonly [field: number]: Weight;
}

/** Share of every other field: 64-bit integers, shapes and small messages cost most. */
const otherwise = 2;

/** Field numbers of `grpc_service.proto`. */
const contents: Fields = {
  1: 1, // bool_contents
  2: 1, // int_contents
  4: 1, // uint_contents
  6: 1 / 4, // fp32_contents
  7: 1 / 8, // fp64_contents
  8: 1 / 16, // bytes_contents
};
const inferInput: Fields = { 5: contents };
const inferRequest: Fields = { 5: inferInput, 7: 0 /* raw_input_contents */ };

/**
 * What it takes to decode an inference request, about one for each value that becomes an object
 * or an element of an array; raw tensors are taken as they lie and cost nothing. Read off the wire
 * format, before anything is made of it.
 */
export function messageWeight(message: Uint8Array): number {
  return weigh(message, 0, message.length, inferRequest);
}

function weigh(bytes: Uint8Array, from: number, end: number, fields: Fields): number {
  let weight = 0;
  let at = from;
  while (at < end) {
    const start = at;
    const tag = varint(bytes, at);
    at = tag.next;
    if ((tag.value & 7) === 2) {
      const length = varint(bytes, at);
      at = length.next + length.value;
      // Past the end: malformed, which the decoder says better.
      if (at > end) return weight;
      const share = fields[tag.value >>> 3] ?? otherwise;
      const inside =
        typeof share === 'number'
          ? length.value * share
          : weigh(bytes, length.next, length.next + length.value, share);
      weight += (length.next - start) * otherwise + inside;
    } else {
      at = endOfScalar(bytes, at, tag.value & 7);
      weight += (at - start) * otherwise;
    }
  }
  return weight;
}

function endOfScalar(bytes: Uint8Array, at: number, wireType: number): number {
  if (wireType === 0) return varint(bytes, at).next;
  if (wireType === 1) return at + 8;
  if (wireType === 5) return at + 4;
  return bytes.length;
}

/** An unsigned integer in groups of seven bits; exact as far as lengths of messages go. */
function varint(
  bytes: Uint8Array,
  from: number,
): { readonly value: number; readonly next: number } {
  let value = 0;
  let at = from;
  for (let scale = 1; at < bytes.length; scale *= 128) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
  }
  return { value, next: at };
}
