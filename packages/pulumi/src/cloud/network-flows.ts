import type { DataClass, DataFlow, Place } from '@manara/residency';
import type { CloudEnd } from './cloud-flows';
import { destinationEnds, type InternetAccess } from './internet-access';

/** What every network of a cloud moves: its flow logs, and what its way out leads to. */
export function networkFlows(
  { owner, name, place }: CloudEnd,
  dataClasses: readonly DataClass[],
  internet: InternetAccess<Place> | undefined,
): readonly DataFlow[] {
  const from = { name: `network ${name}`, place };
  const base = { status: 'declared', owner, dataClasses, from, encryption: 'tls' } as const;
  return [
    { ...base, kind: 'log', to: { name: `flow logs of ${name}`, place } },
    ...destinationEnds(internet).map((to): DataFlow => ({ ...base, kind: 'egress', to })),
  ];
}
