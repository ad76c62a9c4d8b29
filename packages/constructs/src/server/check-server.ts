import { givenParts, namedAddresses } from '@manara/contract';
import { DataClass, parsePlace, type Place } from '@manara/residency';
import { ConstructError } from '../construct-error';
import { shown } from '../props/props';
import { configFaults } from './config-faults';
import { fileFaults, saltFaults } from './file-faults';
import { addressFaults, hostFaults } from './host-faults';
import { modelFaults, type ServedVersions } from './model-faults';
import type { ServerProps } from './server-props';

/** What is checked, and against what. */
export interface ServerCheck {
  readonly server: ServerProps<Place>;
  /** What the endpoint serves. */
  readonly served: ServedVersions;
  /** Classes that the zone has. */
  readonly zone: { readonly name: string; readonly data: readonly DataClass[] };
}

/**
 * Checks what an endpoint says of its server.
 *
 * @param at construct path
 * @throws ConstructError MANARA_SERVER; MANARA_RESIDENCY for classes of data that the zone does not have;
 * ResidencyError for a place without its cloud
 */
export function checkServer(at: string, { server, served, zone }: ServerCheck): void {
  const { config } = server;
  const stranger = Object.keys(config).find((key) => !givenParts.some((part) => part === key));
  // Each step reads what the one before has found to be well formed.
  const steps = [
    () =>
      stranger === undefined
        ? []
        : [`config.${stranger}: expected one of ${givenParts.join(', ')}; the rest is computed`],
    () => configFaults(config).map((fault) => `config.${fault}`),
    () => modelFaults(config, served).map((fault) => `config.${fault}`),
    () => [...saltFaults(server), ...fileFaults(server), ...addressFaults(server)],
    () => [...hostFaults(server), ...attributeFaults(server)],
  ];
  for (const step of steps) {
    const faults = step().map((fault) => `server.${fault}`);
    if (faults.length > 0) throw new ConstructError('MANARA_SERVER', at, faults.join('; '));
  }
  for (const { place } of server.hosts ?? []) parsePlace(place);
  checkClasses(at, server, zone);
}

function attributeFaults({ config, attributes = {} }: ServerProps<Place>): readonly string[] {
  const told = [...new Set(namedAddresses(config).flatMap(({ tells }) => tells))]
    .filter((one) => one !== 'content')
    .map(String);
  const unknown = Object.keys(attributes).find((one) => !told.includes(one));
  if (unknown === undefined) return [];
  return [
    `attributes: expected what somebody is told, ${told.join(', ') || 'nothing'}; received "${unknown}"`,
  ];
}

function checkClasses(
  at: string,
  { attributes = {} }: ServerProps<Place>,
  zone: ServerCheck['zone'],
): void {
  // By id, so that two copies of the residency package agree.
  const allowed = zone.data.map(({ id }) => id);
  for (const [attribute, classes = []] of Object.entries(attributes)) {
    const strange = classes.find((one) => !DataClass.isDataClass(one) || !allowed.includes(one.id));
    if (classes.length > 0 && strange === undefined) continue;
    const received = DataClass.isDataClass(strange) ? strange.id : shown(strange);
    throw new ConstructError(
      'MANARA_RESIDENCY',
      at,
      `server.attributes.${attribute}: expected classes of zone "${zone.name}" (${allowed.join(', ')}), received ${received}`,
    );
  }
}
