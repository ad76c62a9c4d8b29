import { UsageError } from '../cli-error';

/** Stands in an address for the name of the endpoint, each of which is a Service of its own. */
export const endpointPlaceholder = '{endpoint}';

/** Base addresses of the protocol's routes, one for each endpoint. */
export type AddressOf = (endpoint: string) => string;

/**
 * Reads a base address.
 *
 * @param flag that it was given with, for messages
 * @throws UsageError for anything but `http(s)://host[:port][/path]`
 */
export function parseAddress(flag: string, text: string): AddressOf {
  const refuse = (reason: string): never => {
    throw new UsageError(
      `${flag}: expected an address such as http://127.0.0.1:9001 or http://${endpointPlaceholder}.uae-bank.svc:8000; received "${withoutUser(text)}": ${reason}`,
    );
  };
  const fill = (endpoint: string): string => text.replaceAll(endpointPlaceholder, endpoint);
  const example = fill('endpoint');
  if (/[{}\s]/.test(example)) refuse(`only ${endpointPlaceholder} may stand in braces`);
  if (!URL.canParse(example)) refuse('that is no URL');
  const { protocol, username, password, search, hash } = new URL(example);
  if (protocol !== 'http:' && protocol !== 'https:') refuse('that is neither http nor https');
  // They would stand in the report, which is kept.
  if (`${username}${password}` !== '') refuse('leave user and password out');
  if (`${search}${hash}` !== '') refuse('leave out what follows the path');
  return (endpoint) => fill(endpoint).replace(/\/+$/, '');
}

/** A message ends up in logs. */
function withoutUser(text: string): string {
  return text.replace(/\/\/[^/]*@/, '//…@');
}
