import { parseServerConfig, type ServerConfig, ServerConfigError } from '@manara/contract';
import { lateMarker } from '@manara/residency';

/**
 * What the server would refuse of a configuration. Values that are not known yet cannot be wrong yet:
 * each stands as an address while it is checked.
 */
export function configFaults(config: ServerConfig): readonly string[] {
  const text = JSON.stringify(config).replace(new RegExp(lateMarker, 'g'), 'https://late.invalid');
  try {
    parseServerConfig(JSON.parse(text));
    return [];
  } catch (error) {
    if (!(error instanceof ServerConfigError)) throw error;
    return error.faults;
  }
}
