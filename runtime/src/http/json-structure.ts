import { errors } from '../errors';

/**
 * Arrays, objects and fields that a large JSON may hold. Each takes some 200 bytes of the heap, a
 * number of a tensor 16, and a heap that runs full takes the process with it, even a worker
 * thread's with a limit of its own (seen with Node.js 20).
 */
const maxParts = 262_144;

const quote = 0x22;
const backslash = 0x5c;
const bracket = 0x5b;
const brace = 0x7b;
const colon = 0x3a;

/**
 * Counts the arrays, objects and fields of a JSON text before anything is made of them.
 *
 * @throws ServingError JSON_TOO_COMPLEX
 */
export function checkStructure(json: Uint8Array): void {
  let parts = 0;
  let inString = false;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i];
    if (inString) {
      if (byte === backslash) i++;
      else if (byte === quote) inString = false;
    } else if (byte === quote) {
      inString = true;
    } else if (byte === bracket || byte === brace || byte === colon) {
      parts++;
    }
  }
  if (parts > maxParts) throw errors.jsonTooComplex(parts, maxParts);
}
