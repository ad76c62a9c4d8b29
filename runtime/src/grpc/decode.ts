import { errors } from '../errors';
import { messageWeight } from './message-weight';
import type { ModelInferRequest } from './messages';

export type Decode = (bytes: Buffer) => ModelInferRequest;

/**
 * Greatest weight of a message. Decoding happens on the I/O thread: 262,144 floats take 20 to
 * 46 ms there, the worst of messages 70 ms (Node.js 20); raw tensors take nothing.
 */
const maxWeight = 262_144 + 4096;

/** @throws ServingError MESSAGE_TOO_COMPLEX or MESSAGE_MALFORMED. */
export function decodeInferRequest(bytes: Buffer, decode: Decode): ModelInferRequest {
  const weight = Math.ceil(messageWeight(bytes));
  if (weight > maxWeight) throw errors.messageTooComplex(weight, maxWeight);
  try {
    return decode(bytes);
  } catch (error) {
    throw errors.messageMalformed(error instanceof Error ? error.message : String(error));
  }
}
