import type { OutgoingHttpHeaders } from 'node:http2';
import type { Field } from './static-table';

/** The fields of headers as node:http2 has them: a field with several values is said several times. */
export function fieldsOfHeaders(headers: OutgoingHttpHeaders): readonly Field[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((one) => one !== undefined)
      .map((one): Field => [name, String(one)]),
  );
}
