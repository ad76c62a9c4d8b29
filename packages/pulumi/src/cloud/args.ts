import { type Kind, kinds } from '@manara/constructs';
import { Output } from '@pulumi/pulumi';
import { DeployError } from '../deploy-error';
import { type CloudKind, componentTitle } from './cloud-node';

/** Text that may be known only after deployment: an `Input<string>`. */
export const anyText = kinds.kind(
  'text or an Output of it',
  (value) => typeof value === 'string' || Output.isInstance(value) || value instanceof Promise,
);

/**
 * Checks what the compiler says already once more, for plain JavaScript and for casts: an Output where
 * shape is needed must not turn up as an error text in a cloud's API.
 *
 * @param kindsOf one for each argument, so that the compiler asks for it when one is added
 * @throws DeployError MANARA_ARGS
 */
export function checkArgs<T extends object>(
  component: CloudKind,
  name: string,
  args: T,
  kindsOf: { readonly [K in keyof Required<T>]: Kind },
): void {
  const fault = kinds.record(kindsOf).fault(args);
  if (fault === undefined) return;
  refuseArg(component, name, fault.at.slice(1) || 'args', fault.expected, fault.received);
}

/**
 * Refuses an argument.
 *
 * @param expected what is allowed, and the fix where that does not say it
 * @throws DeployError MANARA_ARGS
 */
export function refuseArg(
  component: CloudKind,
  name: string,
  arg: string,
  expected: string,
  received: unknown,
): never {
  const shown = Output.isInstance(received)
    ? 'an Output, whose value is known only after deployment'
    : kinds.shown(received);
  throw new DeployError(
    'MANARA_ARGS',
    `${componentTitle(component, name)}: ${arg}: expected ${expected}; received ${shown}`,
  );
}

/** Bounds of an argument that counts days. */
export interface DayBounds {
  readonly from: number;
  readonly to: number;
  readonly byDefault: number;
}

/**
 * An argument that counts days, or its default.
 *
 * @throws DeployError MANARA_ARGS for what is no whole number, or out of bounds
 */
export function wholeDays(
  component: CloudKind,
  name: string,
  arg: string,
  given: number | undefined,
  { from, to, byDefault }: DayBounds,
): number {
  const value = given ?? byDefault;
  if (Number.isSafeInteger(value) && value >= from && value <= to) return value;
  return refuseArg(component, name, arg, `whole days from ${from} to ${to}`, given);
}
