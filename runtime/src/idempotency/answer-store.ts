/** What is known of the key of a request that begins. */
export type Begun =
  /** Nothing: it is under way from here on. */
  | { readonly kind: 'new' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'other' }
  | { readonly kind: 'done'; readonly answer: Uint8Array };

/**
 * Keeps the answers of requests that may be sent twice. Ids are of caller and key (`answerId`),
 * fingerprints of the request, times milliseconds since 1970. What is said of a request that is under way
 * counts only where it is under way still: it may have been taken for lost, and another one have begun.
 */
export interface AnswerStore {
  /** @param until - when a request under way is taken for lost. */
  beginAnswer(id: string, fingerprint: string, now: number, until: number): Promise<Begun>;
  /** Says that a request is still under way. */
  holdAnswer(id: string, fingerprint: string, until: number): Promise<void>;
  /**
   * Keeps an answer. Where answers have no more room, the oldest of the caller who has most go.
   *
   * @throws ServingError JOB_STORE_FULL where that is not enough.
   */
  keepAnswer(id: string, fingerprint: string, answer: Uint8Array, expiresAt: number): Promise<void>;
  /** Forgets a request under way that was not answered. */
  dropAnswer(id: string, fingerprint: string): Promise<void>;
}

/** What an entry takes besides its answer, roughly; so that many small ones count as well. */
export const answerOverhead = 512;
