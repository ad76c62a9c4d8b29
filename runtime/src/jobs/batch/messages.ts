import type { ThreadFailure } from '../thread-failure';
import type { BatchFormat } from './formats';
import type { Row } from './rows';
import type { OutputLayout } from './writers';

/** What a batch's thread is started for. */
export type BatchThreadTask =
  | {
      readonly kind: 'read';
      readonly file: string;
      readonly format: BatchFormat;
      readonly totalBytes: number;
      /** Rows that were answered before. */
      readonly skip: number;
    }
  | {
      readonly kind: 'write';
      readonly spool: string;
      readonly file: string;
      readonly format: Exclude<BatchFormat, 'jsonl'>;
      readonly keep: readonly { readonly name: string; readonly isText: boolean }[];
      readonly outputs: readonly OutputLayout[];
      readonly withErrors: boolean;
    };

export type BatchThreadReply =
  /** The next is sent when it is asked for. */
  | { readonly kind: 'rows'; readonly rows: readonly Row[]; readonly bytes: number }
  | { readonly kind: 'end'; readonly bytes: number }
  | { readonly kind: 'failure'; readonly failure: ThreadFailure };
