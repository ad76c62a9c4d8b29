import { type Kind, kinds, ResidencyZone } from '@manara/constructs';
import { DeployError } from '../deploy-error';

export const residencyZone = kinds.kind('a ResidencyZone', (value) =>
  ResidencyZone.isResidencyZone(value),
);

/**
 * Checks what a door itself reads of its arguments, for plain JavaScript and for casts; the construct
 * checks the rest.
 *
 * @param type type token of the component
 * @throws DeployError MANARA_ARGS
 */
export function checkDoorArgs(
  type: string,
  name: string,
  args: unknown,
  kindsOf: Readonly<Record<string, Kind>>,
): void {
  const fault = kinds.record(kindsOf).fault(args);
  if (fault === undefined) return;
  throw new DeployError(
    'MANARA_ARGS',
    `${type} "${name}": ${fault.at.slice(1) || 'args'}: expected ${fault.expected}; received ${kinds.shown(fault.received)}`,
  );
}
