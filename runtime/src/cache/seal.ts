import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** First byte of what is sealed, so that another form can follow this one. */
const formVersion = 1;

/**
 * Seals values for a store that others can read: without the key they tell nothing but their length, and
 * one that was changed, or put under another name, is not opened.
 */
export class Seal {
  /** @param key - 32 bytes. */
  constructor(private readonly key: Buffer) {}

  /** @param name - what the value is to be found under. */
  close(name: string, value: Buffer): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.key, nonce).setAAD(Buffer.from(name));
    const text = Buffer.concat([cipher.update(value), cipher.final()]);
    return Buffer.concat([Buffer.of(formVersion), nonce, cipher.getAuthTag(), text]);
  }

  /** @returns `undefined` where it was not sealed with this key, under this name, in this form. */
  open(name: string, sealed: Buffer): Buffer | undefined {
    if (sealed.byteLength < 1 + nonceBytes + tagBytes || sealed[0] !== formVersion)
      return undefined;
    const nonce = sealed.subarray(1, 1 + nonceBytes);
    const tag = sealed.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes);
    const decipher = createDecipheriv(algorithm, this.key, nonce, { authTagLength: tagBytes })
      .setAAD(Buffer.from(name))
      .setAuthTag(tag);
    const value = decipher.update(sealed.subarray(1 + nonceBytes + tagBytes));
    try {
      decipher.final();
    } catch {
      return undefined;
    }
    return value;
  }
}
