import type { TSchema } from '@sinclair/typebox';
import { type ValueError, Value, ValueErrorType } from '@sinclair/typebox/value';

/** What is wrong with a value, each fault naming the key, what is allowed and the value received. */
export function schemaFaults(schema: TSchema, value: unknown): string[] {
  const faults = [...Value.Errors(schema, value)].filter((e) => !isEcho(e)).map(fault);
  return [...new Set(faults)];
}

/** A value as messages show it: cut, and without the password of an address. */
export function show(value: unknown): string {
  // Its type leaves out that it gives nothing for nothing: a key that is missing.
  const json = (JSON.stringify(value) as string | undefined) ?? 'nothing';
  const text = json.replace(/:\/\/[^"\s]*@/g, '://…@');
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** A missing key is reported twice: as missing, and as a value of the wrong type. */
function isEcho(error: ValueError): boolean {
  return (
    error.value === undefined &&
    error.path !== '' &&
    error.type !== ValueErrorType.ObjectRequiredProperty
  );
}

function fault(error: ValueError): string {
  const key = error.path === '' ? '(top level)' : error.path.slice(1).replaceAll('/', '.');
  return `${key}: ${allowed(error)}, received ${show(error.value)}`;
}

function allowed({ type, schema, message }: ValueError): string {
  switch (type) {
    case ValueErrorType.ObjectAdditionalProperties:
      return `unknown key; expected one of ${keysOf(schema).join(', ')}`;
    case ValueErrorType.ObjectRequiredProperty:
      return 'expected a value for this key';
    case ValueErrorType.Union:
      return `expected one of ${choicesOf(schema).map(show).join(', ')}`;
    default:
      return message.charAt(0).toLowerCase() + message.slice(1);
  }
}

function keysOf(schema: TSchema): readonly string[] {
  return Object.keys((schema as { readonly properties?: object }).properties ?? {});
}

function choicesOf(schema: TSchema): readonly unknown[] {
  const { anyOf = [] } = schema as { readonly anyOf?: readonly { readonly const?: unknown }[] };
  return anyOf.map((choice) => choice.const);
}
