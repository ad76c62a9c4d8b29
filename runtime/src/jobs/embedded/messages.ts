import type { ThreadFailure } from '../thread-failure';
import type { JobDatabase } from './database';

/** The methods that the store's thread performs, each in a transaction. */
export type DatabaseMethod = Exclude<keyof JobDatabase, 'transaction' | 'attempt' | 'close'>;

export interface StoreSettings {
  readonly folder: string;
  readonly maxBytes: number;
}

export interface StoreTask {
  readonly number: number;
  readonly method: DatabaseMethod | 'close';
  readonly args: readonly unknown[];
}

/** What the thread says once it has opened the store, or could not. */
export type StoreOpened =
  { readonly kind: 'open' } | { readonly kind: 'unusable'; readonly reason: string };

export type StoreReply = { readonly kind: 'reply'; readonly number: number } & (
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly failure: ThreadFailure }
);
