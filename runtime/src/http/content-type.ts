/**
 * JSON goes under its own name, under the form's that `curl -d` sends unless told otherwise, and
 * under none, as clients of the binary extension often send none. Triton looks at none of them.
 */
const jsonTypes: readonly string[] = ['application/json', 'application/x-www-form-urlencoded'];

/**
 * Whether an inference of this content type is read.
 *
 * @param received - the header as it came.
 * @param isFramed - whether the request says where its JSON ends and binary tensors begin.
 */
export function isReadableType(received: string | undefined, isFramed: boolean): boolean {
  if (received === undefined || received === 'application/json') return true;
  const [type = '', ...parameters] = received
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  return isUtf8 && (jsonTypes.includes(type) || (type === 'application/octet-stream' && isFramed));
}
