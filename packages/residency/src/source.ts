/**
 * How well a statement is known.
 * - `primary`: the legal text, or the provider's own data, was read.
 * - `secondary`: a third party's account of it was read.
 * - `computed`: inferred here from the other two.
 * - `declared`: the program under audit says so itself; read anew at each audit.
 * - `unverified`: not confirmed. Never shown as a claim, and no rule may rest on it.
 */
export type Standing = 'primary' | 'secondary' | 'computed' | 'declared' | 'unverified';

/** Where a statement comes from, and when it was read. */
export interface Source {
  /** The instrument and article, or the document. */
  readonly title: string;
  /** Where it was read: a document's name or a site, without a scheme. */
  readonly where: string;
  readonly standing: Standing;
  /** `YYYY-MM-DD`, `YYYY-MM` where the day is not known, or `at each audit` for a declaration. */
  readonly read: string;
}

/** A statement that the audited program makes of itself, for example its zone's list of places. */
export function declaration(title: string): Source {
  return { title, where: 'the program under audit', standing: 'declared', read: 'at each audit' };
}
