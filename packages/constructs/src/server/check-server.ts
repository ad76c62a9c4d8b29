import { givenParts, namedAddresses, namedFiles } from '@manara/contract';
import { DataClass, parsePlace, type Place } from '@manara/residency';
import { ConstructError } from '../construct-error';
import { shown } from '../props/props';
import { configFaults } from './config-faults';
import { modelFaults, type ServedVersions } from './model-faults';
import { hostNamed, isSameHost } from './reached';
import { secretOf } from './secret-file';
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

/** The configuration stands in a ConfigMap, which is no place for a secret. */
function saltFaults({ config: { variants } }: ServerProps<Place>): readonly string[] {
  return variants?.salt === undefined
    ? []
    : [
        "config.variants.salt: expected variants.saltFile, secretFile('name', 'key'), in its place; received a salt in clear",
      ];
}

/** A pod's disk is read-only, and gone with the pod. */
const keptElsewhere: Readonly<Record<string, string>> = {
  'audit.file': 'leave it out, and the lines go to the log',
  'jobs.folder': 'keep jobs in jobs.redis, where replicas share them',
  'jobs.files.input': 'leave it out: replicas share no folder for batches',
  'jobs.files.output': 'leave it out: replicas share no folder for batches',
  'variants.exposures.file': 'leave it out, and events go to the log, or send them to a url',
};

function fileFaults({ config }: ServerProps<Place>): readonly string[] {
  return namedFiles(config).flatMap(({ key, file, use }) => {
    if (use === 'keep') {
      return [
        `config.${key}: a pod keeps nothing; received ${shown(file)}; fix: ${keptElsewhere[key] ?? 'leave it out'}`,
      ];
    }
    if (secretOf(file) !== undefined) return [];
    return [
      `config.${key}: expected a key of a Secret, secretFile('name', 'key'); received ${shown(file)}`,
    ];
  });
}

function addressFaults({ config }: ServerProps<Place>): readonly string[] {
  return namedAddresses(config).flatMap(({ key, address }) => {
    const host = hostNamed(address);
    if (host.includes('@')) {
      const hidden = address.replace(/\/\/.*@/, '//…@');
      return [
        `config.${key}: expected an address without a password, which stands in a Secret; received "${hidden}"`,
      ];
    }
    if (!/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/i.test(host)) return [];
    return [
      `config.${key}: expected a host outside of the server's pod, where nothing else listens; received ${host}`,
    ];
  });
}

function hostFaults({ config, hosts = [] }: ServerProps<Place>): readonly string[] {
  const named = [...new Set(namedAddresses(config).map(({ address }) => hostNamed(address)))];
  const isTwice = ({ host, place }: (typeof hosts)[number], i: number): boolean =>
    hosts.slice(0, i).some((one) => isSameHost(one.host, host) && one.place === place);
  return hosts.flatMap((one, i) => {
    const { host, place } = one;
    if (isTwice(one, i)) {
      return [
        `hosts.${i}: expected each host once at a place; received "${host}" at ${place} again`,
      ];
    }
    if (named.some((one) => isSameHost(one, host))) return [];
    return [
      `hosts.${i}.host: expected a host that config names, ${named.join(', ') || 'none'}; received "${host}"`,
    ];
  });
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
