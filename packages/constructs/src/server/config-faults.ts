import { parseServerConfig, type ServerConfig, ServerConfigError } from '@manara/contract';
import { lateMarker } from '@manara/residency';
import { isRecord } from '../manifest';

/**
 * What the server would refuse of a configuration. Values that are not known yet cannot be wrong yet:
 * each stands as an address while it is checked.
 */
export function configFaults(config: ServerConfig): readonly string[] {
  try {
    parseServerConfig(known(config));
    return [];
  } catch (error) {
    if (!(error instanceof ServerConfigError)) throw error;
    return error.faults;
  }
}

const anyMarker = new RegExp(lateMarker, 'g');

/** The configuration as JSON has it, with an address in place of each value that is late. */
function known(value: unknown, key = ''): unknown {
  if (typeof value === 'string') {
    const wholly = value.replace(anyMarker, '') === '';
    const scheme = wholly && key.endsWith('redis.url') ? 'rediss' : 'https';
    return value.replace(anyMarker, `${scheme}://late.invalid`);
  }
  if (Array.isArray(value)) return value.map((one, i) => known(one, `${key}.${i}`));
  if (!isRecord(value)) return value;
  const given = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(given.map(([name, one]) => [name, known(one, `${key}.${name}`)]));
}
