import { errors } from '../errors';

/**
 * Request parameters that would change the answer if they were honoured, so that passing over
 * them would be a wrong answer. Others are hints, which the protocol lets a server pass over.
 */
const unsupported: ReadonlyMap<string, string> = new Map([
  ['sequence_id', 'models that keep state between requests are not served'],
  ['sequence_start', 'models that keep state between requests are not served'],
  ['sequence_end', 'models that keep state between requests are not served'],
  ['classification', 'ask for the scores and rank them in the client'],
  ['shared_memory_region', 'send the tensor in the request'],
]);

/**
 * @param isSet - whether a value asks for anything: clients send `sequence_id` 0 unasked.
 * @throws ServingError PARAMETER_UNSUPPORTED
 */
export function checkParameters(
  names: readonly string[],
  isSet: (name: string) => boolean = () => true,
): void {
  for (const name of names) {
    const advice = unsupported.get(name);
    if (advice !== undefined && isSet(name)) throw errors.parameterUnsupported(name, advice);
  }
}
