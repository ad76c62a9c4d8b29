import type { DataClass, DeclaredFlow, Place } from '@manara/residency';

/** A component of a cloud as an end of its own flows. */
export interface CloudEnd {
  /** Path of its node in the tree. */
  readonly owner: string;
  readonly name: string;
  readonly place: Place;
}

/**
 * Data that a component keeps where it stands. Both ends are the component: it counts as a flow so that
 * the place of data at rest is checked, and shown to the auditor, as that of data on its way.
 *
 * @param what the end's name in the audit: `model bucket`
 */
export function storageFlow(
  { owner, name, place }: CloudEnd,
  what: string,
  dataClasses: readonly DataClass[],
): DeclaredFlow {
  const end = { name: `${what} ${name}`, place };
  return {
    status: 'declared',
    kind: 'storage',
    owner,
    dataClasses,
    from: end,
    to: end,
    encryption: 'local',
  };
}
