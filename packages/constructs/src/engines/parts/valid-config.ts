import type { ServerConfig } from '@manara/contract';
import { ConstructError } from '../../construct-error';
import { configFaults } from '../../server/config-faults';

/**
 * Checks a configuration against the contract's schema.
 *
 * @throws ConstructError MANARA_ENGINE
 */
export function validate(at: string, config: ServerConfig): void {
  const faults = configFaults(config);
  if (faults.length > 0)
    throw new ConstructError('MANARA_ENGINE', at, `engine: ${faults.join('; ')}`);
}
