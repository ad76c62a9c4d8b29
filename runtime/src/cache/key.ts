import { createHmac } from 'node:crypto';
import type { CheckedRequest } from '../protocol/validate';
import { encodeBinary } from '../protocol/encode';
import { serverVersion } from '../version';

type Hash = ReturnType<typeof createHmac>;

/** What, with the inputs, an answer depends on and is kept apart by. */
export interface KeyParts {
  readonly model: string;
  readonly version: number;
  /** SHA-256 of the version's file: the same on every server, another once the file is. */
  readonly digest: string;
  readonly tenant: string;
  readonly zone: string;
}

/**
 * Names under which answers are kept: a keyed hash (HMAC-SHA-256) of all that they depend on. A plain hash
 * would let whoever reads the names in Redis try inputs out until one fits.
 *
 * Inputs count bit by bit, after they were decoded: the same numbers in JSON and in binary form are one
 * input; 0.0 and -0.0, and NaNs with different bits, are several. A model may tell them apart, and one
 * answer too many costs less than a wrong one.
 */
export class CacheKeys {
  constructor(
    private readonly secret: Buffer,
    private readonly zone: string,
  ) {}

  of(parts: Omit<KeyParts, 'zone'>, { inputs, outputs }: CheckedRequest): string {
    const hash = createHmac('sha256', this.secret);
    // The length goes before each part, so that no two lists of parts are the same bytes.
    addText(hash, serverVersion);
    addText(hash, this.zone);
    addText(hash, parts.tenant);
    addText(hash, parts.model);
    addText(hash, String(parts.version));
    addText(hash, parts.digest);
    addText(hash, String(outputs.length));
    for (const name of outputs) addText(hash, name);
    for (const input of inputs) {
      addText(hash, input.name);
      addText(hash, input.datatype);
      addText(hash, input.shape.join());
      addBytes(hash, encodeBinary(input));
    }
    return hash.digest('base64url');
  }
}

function addText(hash: Hash, text: string): void {
  addBytes(hash, Buffer.from(text));
}

function addBytes(hash: Hash, bytes: Buffer): void {
  const length = Buffer.allocUnsafe(8);
  length.writeDoubleLE(bytes.byteLength);
  hash.update(length).update(bytes);
}
