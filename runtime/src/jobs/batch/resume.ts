import type { KeptKind } from './kept';
import type { OutputLayout } from './writers';

/** Where a batch goes on: all before is on disk. */
export interface Resume {
  readonly rows: number;
  /** File that holds what is written so far, and how much of it is whole. */
  readonly spool: string;
  readonly spoolBytes: number;
  readonly failedRows: number;
  /** Version that answers all rows, with the fingerprint of its file. */
  readonly version: number;
  readonly fingerprint: string;
  readonly outputs: readonly OutputLayout[];
  /** Kept columns that held something. */
  readonly kept: Readonly<Record<string, KeptKind>>;
}
