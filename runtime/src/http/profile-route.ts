import { abortSignalOf } from '../call';
import type { ServerContext } from '../context';
import { errors } from '../errors';
import { Profiler } from '../profile/profiler';
import { asString, type JsonObject } from './fields';
import { sendJson } from './reply';
import type { Exchange, RouteHandler } from './router';

/** Seconds of a profile. */
const allowed = { least: 1, most: 60, usual: 10 } as const;

/**
 * `POST /v2/admin/profile`.
 *
 * @param readBody - reads a JSON object.
 */
export function profileRoute(
  { admin, repository, seeing, intraOpThreads }: ServerContext,
  readBody: (exchange: Exchange) => Promise<JsonObject>,
): RouteHandler {
  const profiler = new Profiler(seeing, intraOpThreads);
  return async (exchange) => {
    const { response, terms } = exchange;
    if (!admin) throw errors.adminOff();
    const { model, version, seconds = allowed.usual } = await readBody(exchange);
    const named = version === undefined ? undefined : asString(version, 'version');
    const loaded = repository.find(asString(model, 'model'), named);
    if (!isSeconds(seconds)) {
      const expected = `a whole number of seconds from ${allowed.least} to ${allowed.most}`;
      throw errors.fieldInvalid('seconds', JSON.stringify(seconds), expected);
    }
    sendJson(response, 200, await profiler.profile(loaded, seconds, abortSignalOf(terms.left)));
  };
}

function isSeconds(value: unknown): value is number {
  return (
    Number.isInteger(value) &&
    (value as number) >= allowed.least &&
    (value as number) <= allowed.most
  );
}
