/** Which variant a request was given. */
export interface Assignment {
  readonly variant: string;
  readonly version: number;
  /** What decided. */
  readonly reason: 'rule' | 'flag' | 'weight';
  /** Pseudonym of whom it sticks to. @default - it was drawn for this request alone */
  readonly unit: string | undefined;
}
