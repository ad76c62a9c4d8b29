/** What is known of the key of a request that begins. */
export type Begun =
  /** Nothing: it is under way from here on. */
  | { readonly kind: 'new' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'other' }
  | { readonly kind: 'done'; readonly answer: Uint8Array };

/** Keeps the answers of requests that may be sent twice. */
export interface AnswerStore {
  /**
   * @param id - of caller and key.
   * @param fingerprint - of the request.
   * @param until - when a request under way is taken for lost; milliseconds since 1970.
   */
  beginAnswer(id: string, fingerprint: string, now: number, until: number): Promise<Begun>;
  keepAnswer(id: string, answer: Uint8Array, expiresAt: number): Promise<void>;
  /** Forgets a request under way that was not answered. */
  dropAnswer(id: string): Promise<void>;
}
