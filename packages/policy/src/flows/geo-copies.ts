import type { DataFlow, FlowKind } from '@manara/residency';
import type { Boundary } from '../boundary';
import { placementOf } from '../clouds';
import { pairOf } from '../facts/azure-pairs';
import { at, text } from '../read';
import type { Resource } from '../resource';
import { label, moves, undeclared } from './movement';

/** Inputs of Azure resources that ask for a copy in the region's pair. */
const switches: readonly {
  readonly types: readonly string[];
  readonly path: readonly string[];
  readonly on: RegExp;
  readonly kind: FlowKind;
}[] = [
  {
    types: ['azure-native:storage:StorageAccount'],
    path: ['sku', 'name'],
    on: /_(?:RA)?GZ?RS$/,
    kind: 'standby',
  },
  {
    types: ['azure-native:sql:Database', 'azure-native:sql:ManagedInstance'],
    path: ['requestedBackupStorageRedundancy'],
    on: /^Geo/,
    kind: 'backup',
  },
  {
    types: ['azure-native:dbforpostgresql:Server', 'azure-native:dbformysql:Server'],
    path: ['backup', 'geoRedundantBackup'],
    on: /^Enabled$/,
    kind: 'backup',
  },
];

/** A geo-redundant copy is in the region's pair: inside the zone only where the zone permits the pair. */
export function* geoCopies(resource: Resource, boundary: Boundary): Iterable<DataFlow> {
  for (const { types, path, on, kind } of switches) {
    if (!types.includes(resource.type)) continue;
    const value = text(at(resource.props, ...path)) ?? '';
    const home = placementOf(resource, boundary);
    if (!on.test(value) || home.status !== 'placed') continue;
    const what = `${path.join('.')} ${value}`;
    const pair = pairOf(home.place);
    if (pair === undefined) {
      yield undeclared(
        resource,
        boundary,
        kind,
        `${what} copies to the pair of ${home.place}, and which that is was not read`,
        'use local or zone redundancy',
      );
    } else {
      const from = { name: label(resource), place: home.place };
      const to = { name: `${label(resource)}, ${what}`, place: pair };
      yield moves(resource, kind, from, to, boundary.zone.data);
    }
  }
}
