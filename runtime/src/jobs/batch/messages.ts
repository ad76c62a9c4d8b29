import type { ThreadFailure } from '../thread-failure';
import type { BatchFormat } from './formats';
import type { KeptColumn } from './kept';
import type { Row } from './rows';
import type { OutputLayout } from './writers';

/** What a batch's process is started for. */
export type ApartTask =
  | {
      readonly kind: 'read';
      readonly file: string;
      readonly format: BatchFormat;
      readonly totalBytes: number;
      /** Columns that are asked for; a format that can leave others out does. */
      readonly columns: readonly string[];
      /** Rows that were answered before. */
      readonly skip: number;
    }
  | {
      readonly kind: 'write';
      readonly spool: string;
      readonly file: string;
      readonly format: Exclude<BatchFormat, 'jsonl'>;
      readonly rows: number;
      readonly keep: readonly KeptColumn[];
      readonly outputs: readonly OutputLayout[];
      readonly withErrors: boolean;
    };

export type ApartReply =
  /** The next is sent when it is asked for. Rows that are skipped make empty ones. */
  | { readonly kind: 'rows'; readonly rows: readonly Row[]; readonly bytes: number }
  | { readonly kind: 'end'; readonly bytes: number }
  | { readonly kind: 'failure'; readonly failure: ThreadFailure };
