/** Where answers are kept. Nothing that it does may fail a request: what goes wrong is a miss. */
export interface CacheStore {
  /** @returns the frame as it was kept; `undefined` where there is none. */
  get(key: string): Buffer | undefined | Promise<Buffer | undefined>;
  /** @param keepMillis - after which the frame may be forgotten. */
  set(key: string, frame: Buffer, keepMillis: number): void;
  /** Bytes of this process that what is kept takes. */
  readonly bytes: number;
  close(): void;
}
