import type { DataClass, DeclaredFlow, FlowEnd, FlowKind, UndeclaredFlow } from '@manara/residency';
import type { Boundary } from '../boundary';
import type { Resource } from '../resource';

/** Type and name, as people know a resource: `aws:s3:Bucket "weights"`. */
export function label({ type, name }: Resource): string {
  return `${type} "${name}"`;
}

/** A movement of data, all of the zone's classes unless others are named. Clouds copy over TLS. */
export function moves(
  resource: Resource,
  kind: FlowKind,
  from: FlowEnd,
  to: FlowEnd,
  dataClasses: readonly DataClass[],
): DeclaredFlow {
  const encryption = from.place === to.place && from.uri === undefined ? 'local' : 'tls';
  return {
    kind,
    owner: label(resource),
    dataClasses,
    status: 'declared',
    from,
    to,
    encryption,
  };
}

/** What may move data somewhere that cannot be told. */
export function undeclared(
  resource: Resource,
  { zone }: Boundary,
  kind: FlowKind,
  evidence: string,
  fix: string,
): UndeclaredFlow {
  return {
    kind,
    owner: label(resource),
    dataClasses: zone.data,
    status: 'undeclared',
    evidence: `${label(resource)}: ${evidence}`,
    fix,
  };
}
