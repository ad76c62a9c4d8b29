import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { headers } from '@manara/contract';
import type { CallTerms } from '../call';
import { errors } from '../errors';
import { answerId } from './answer-id';
import type { AnswerStore } from './answer-store';

/** Milliseconds without a sign of life after which a request under way is taken for lost with its server. */
const lostAfterMillis = 120_000;

/** Printable ASCII but quotes and backslashes, as much as a caller may need to make it unique. */
const keyRule = /^[\x20-\x21\x23-\x5b\x5d-\x7e]{1,255}$/;

/** Parts of a request that make it the same request. */
export type Fingerprinted = readonly (string | Uint8Array)[];

export interface Guarded<T> {
  readonly value: T;
  /** Whether it is what an earlier request of the same key was answered. */
  readonly isReplay: boolean;
}

/**
 * Gives requests with the same idempotency key of the same caller the same answer. What failed is not
 * kept, so that it can be tried again.
 *
 * A request whose first is under way is refused rather than kept waiting: it would hold a connection for
 * as long as the one that it repeats, which is what its caller gave up on.
 */
export class IdempotencyGuard {
  constructor(
    private readonly answers: AnswerStore,
    private readonly ttlSeconds: number,
    private readonly lostAfter = lostAfterMillis,
  ) {}

  /**
   * @param fingerprint - asked for only where there is a key. Strings and buffers, in a fixed order.
   * @param act - gives what can be serialized.
   * @throws ServingError IDEMPOTENCY_MISMATCH, IDEMPOTENCY_BUSY or HEADER_INVALID, or what `act` threw.
   */
  async run<T>(
    terms: CallTerms,
    fingerprint: () => Fingerprinted,
    act: () => Promise<T>,
  ): Promise<Guarded<T>> {
    const key = idempotencyKeyOf(terms);
    if (key === undefined) return { value: await act(), isReplay: false };
    const id = answerId(terms.caller.id, key);
    const now = Date.now();
    const print = digest(fingerprint());
    const begun = await this.answers.beginAnswer(id, print, now, now + this.lostAfter);
    switch (begun.kind) {
      case 'other':
        throw errors.idempotencyMismatch(key);
      case 'busy':
        throw errors.idempotencyBusy(key);
      case 'done':
        return { value: deserialize(begun.answer) as T, isReplay: true };
      case 'new':
        return { value: await this.keep(id, print, act), isReplay: false };
    }
  }

  private async keep<T>(id: string, print: string, act: () => Promise<T>): Promise<T> {
    const drop = (): Promise<void> =>
      // Where this fails too, the key is free once the request is taken for lost.
      this.answers.dropAnswer(id, print).catch(() => undefined);
    // However long it runs, it is not lost: a run may be allowed a day.
    const alive = setInterval(() => {
      const until = Date.now() + this.lostAfter;
      this.answers.holdAnswer(id, print, until).catch(() => undefined);
    }, this.lostAfter / 4).unref();
    try {
      const value = await act();
      const expiresAt = Date.now() + this.ttlSeconds * 1000;
      // The answer is right whether or not there is room to keep it.
      await this.answers.keepAnswer(id, print, serialize(value), expiresAt).catch(drop);
      return value;
    } catch (error) {
      await drop();
      throw error;
    } finally {
      clearInterval(alive);
    }
  }
}

/**
 * The key of a request that may be sent twice: a quoted string, as the draft has it, or the bare text
 * that most clients send.
 * Source: draft-ietf-httpapi-idempotency-key-header-07; read 2026-11.
 *
 * @throws ServingError HEADER_INVALID
 */
export function idempotencyKeyOf(terms: CallTerms): string | undefined {
  const text = terms.header(headers.idempotencyKey)?.trim();
  if (text === undefined) return undefined;
  const key = /^"(.*)"$/.exec(text)?.[1] ?? text;
  if (keyRule.test(key)) return key;
  const expected = '1 to 255 printable ASCII characters but " and \\';
  throw errors.headerInvalid(headers.idempotencyKey, JSON.stringify(text), expected);
}

function digest(parts: Fingerprinted): string {
  const hash = createHash('sha256');
  // Each part's length with it: "a", "bc" is not "ab", "c".
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('hex');
}
