/** What a method found out. */
export interface Explanation {
  /** One value per feature; for occlusion, per element of the row. */
  readonly attributions: Float64Array;
  /** `undefined` where nothing was left to chance, or too little was drawn to tell. */
  readonly standardErrors: Float64Array | undefined;
  /** Which attributions are known. @default - all */
  readonly known?: Uint8Array;
  /** What the model gives where nothing is known of the row. */
  readonly base: number;
  /** What it gives for the row, on the same scale. */
  readonly prediction: number;
  readonly mode: 'exact' | 'sampled';
  /** Whether all was evaluated that was to be. */
  readonly complete: boolean;
}
