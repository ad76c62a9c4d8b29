import { abortSignalOf } from '../call';
import type { ServerContext } from '../context';
import { errors } from '../errors';
import { Profiler } from '../profile/profiler';
import { asString, type JsonObject } from './fields';
import { repeatable } from './repeatable';
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
  context: ServerContext,
  readBody: (exchange: Exchange) => Promise<JsonObject>,
): RouteHandler {
  const { admin, repository, seeing, intraOpThreads } = context;
  const profiler = new Profiler(seeing, intraOpThreads);
  return async (exchange) => {
    const { response, terms } = exchange;
    if (!admin) throw errors.adminOff();
    const body = await readBody(exchange);
    const { model, version, seconds = allowed.usual } = body;
    const named = version === undefined ? undefined : asString(version, 'version');
    const loaded = repository.find(asString(model, 'model'), named);
    if (!isSeconds(seconds)) {
      const expected = `a whole number of seconds from ${allowed.least} to ${allowed.most}`;
      throw errors.fieldInvalid('seconds', JSON.stringify(seconds), expected);
    }
    const bytes = Buffer.from(JSON.stringify(body));
    const profile = await repeatable(context, exchange, bytes, () =>
      profiler.profile(loaded, seconds, abortSignalOf(terms.left)),
    );
    sendJson(response, 200, profile);
  };
}

function isSeconds(value: unknown): value is number {
  return (
    Number.isInteger(value) &&
    (value as number) >= allowed.least &&
    (value as number) <= allowed.most
  );
}
