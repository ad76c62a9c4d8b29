/** What is known of one cloud region. */
export interface PlaceFact {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** The provider's name for it, or its city. */
  readonly name: string;
  /**
   * Availability zones by their stable id; empty where the region has none.
   *
   * @default - not known here
   */
  readonly zones?: readonly string[];
  /**
   * `restricted` where the provider opens the region on request only, for disaster recovery.
   *
   * @default - open to every customer
   */
  readonly access?: 'restricted';
}
