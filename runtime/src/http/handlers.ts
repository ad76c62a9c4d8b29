import type { IncomingMessage } from 'node:http';
import type { RouteName } from '@manara/contract';
import type { ServerContext } from '../context';
import { errors, ServingError } from '../errors';
import { ServedDocument } from '../openapi/served-document';
import type { Hold } from '../limits/byte-budget';
import type { LoadedVersion } from '../repository/loaded-version';
import { readStatusPage } from '../status/page';
import { statusReport } from '../status/report';
import {
  modelConfig,
  modelMetadata,
  type Readable,
  readableBy,
  repositoryIndex,
  serverMetadata,
  statisticsOf,
} from '../views';
import { readBody } from './body';
import { batchRoute } from './batch';
import type { BodyCodec } from './codec';
import { explainRoute } from './explain';
import { asObject, type JsonObject, optionalBoolean, optionalObject, parseJson } from './fields';
import { feedbackRoute } from './feedback';
import { inferRoute } from './infer';
import { jobHandlers } from './job-routes';
import { repeatable } from './repeatable';
import { profileRoute } from './profile-route';
import { jsonType, send, sendJson } from './reply';
import type { RouteHandler, RouteParameters } from './router';

/** Greatest body of the routes that control the repository: a few names and switches. */
const maxControlBytes = 64 * 1024;

/** One handler for each route of the contract. */
export function routeHandlers(
  context: ServerContext,
  codec: BodyCodec,
): Readonly<Record<RouteName, RouteHandler>> {
  const { repository, control } = context;
  const document = new ServedDocument(context);
  const page = readStatusPage();

  const ofVersion =
    (view: (version: LoadedVersion, readable: Readable) => unknown): RouteHandler =>
    ({ response, parameters: { model = '', version }, terms }) => {
      sendJson(response, 200, view(repository.find(model, version), readableBy(terms.caller)));
    };
  const metadata = ofVersion((version, readable) =>
    modelMetadata(version, repository.readyVersions(version.model), readable),
  );
  const config = ofVersion((version) => modelConfig(version));
  const ready: RouteHandler = ({ response, parameters }) => {
    const readiness = modelReadiness(context, parameters);
    sendJson(response, readiness.ready ? 200 : readiness.status, readiness.body);
  };
  const infer: RouteHandler = (exchange) => inferRoute({ context, codec }, exchange);
  const explain: RouteHandler = (exchange) => explainRoute({ context, codec }, exchange);
  const batch: RouteHandler = (exchange) => batchRoute(context, exchange);
  const statistics: RouteHandler = ({ response, parameters: { model, version }, terms }) => {
    const readable = readableBy(terms.caller);
    sendJson(response, 200, { model_stats: statisticsOf(repository, readable, model, version) });
  };

  return {
    serverMetadata: ({ response }) => {
      sendJson(response, 200, serverMetadata);
    },
    openapi: ({ response, terms }) => {
      send(response, 200, jsonType, [document.for(readableBy(terms.caller))]);
    },
    status: async ({ response, terms }) => {
      sendJson(response, 200, await statusReport(context, readableBy(terms.caller)));
    },
    statusPage: ({ response }) => {
      response.setHeader('content-security-policy', page.contentSecurityPolicy);
      response.setHeader('x-content-type-options', 'nosniff');
      response.setHeader('referrer-policy', 'no-referrer');
      send(response, 200, 'text/html; charset=utf-8', [page.html]);
    },
    profile: profileRoute(context, ({ request, held }) => optionalBody(request, held)),
    serverLive: ({ response }) => {
      sendJson(response, 200, { live: true });
    },
    serverReady: ({ response }) => {
      const isReady = context.isReady();
      sendJson(response, isReady ? 200 : 503, { ready: isReady });
    },
    modelMetadata: metadata,
    modelVersionMetadata: metadata,
    modelReady: ready,
    modelVersionReady: ready,
    modelInfer: infer,
    modelVersionInfer: infer,
    modelFeedback: (exchange) => feedbackRoute(context, exchange),
    modelExplain: explain,
    modelVersionExplain: explain,
    modelConfig: config,
    modelVersionConfig: config,
    statistics,
    modelStatistics: statistics,
    modelVersionStatistics: statistics,
    ...jobHandlers(context),
    modelBatch: batch,
    modelVersionBatch: batch,
    repositoryIndex: async ({ request, response, terms, held }) => {
      const body = await optionalBody(request, held);
      const onlyReady = optionalBoolean(body.ready, 'ready') ?? false;
      sendJson(
        response,
        200,
        await repositoryIndex(repository, readableBy(terms.caller), onlyReady),
      );
    },
    repositoryModelLoad: async (exchange) => {
      const { request, response, parameters, held } = exchange;
      const body = await optionalBody(request, held);
      checkLoadParameters(body.parameters);
      const bytes = Buffer.from(JSON.stringify(body));
      await repeatable(context, exchange, bytes, () => control.load(parameters.model ?? ''));
      sendJson(response, 200, {});
    },
    repositoryModelUnload: async (exchange) => {
      const { request, response, parameters, held } = exchange;
      const body = await optionalBody(request, held);
      const { unload_dependents: dependents } = optionalObject(body.parameters, 'parameters') ?? {};
      optionalBoolean(dependents, 'parameters.unload_dependents');
      const bytes = Buffer.from(JSON.stringify(body));
      await repeatable(context, exchange, bytes, () => control.unload(parameters.model ?? ''));
      sendJson(response, 200, {});
    },
  };
}

interface Readiness {
  readonly ready: boolean;
  readonly status: number;
  readonly body: unknown;
}

function modelReadiness(
  { repository }: ServerContext,
  { model = '', version }: RouteParameters,
): Readiness {
  try {
    repository.find(model, version);
    return { ready: true, status: 200, body: { name: model, ready: true } };
  } catch (error) {
    if (!(error instanceof ServingError)) throw error;
    const body = { name: model, ready: false, error: error.message, code: error.code };
    return { ready: false, status: error.httpStatus, body };
  }
}

async function optionalBody(request: IncomingMessage, held: Hold): Promise<JsonObject> {
  const limit = { bytes: maxControlBytes, whose: 'the limit of this route' };
  const body = await readBody(request, { limit, held });
  return /^\s*$/.test(body.toString('latin1')) ? {} : asObject(parseJson(body), '(body)');
}

/** Triton can be sent a configuration or files to load; here they come from the repository alone. */
function checkLoadParameters(value: unknown): void {
  for (const name of Object.keys(optionalObject(value, 'parameters') ?? {})) {
    throw errors.parameterUnsupported(name, 'models are loaded as they stand in the repository');
  }
}
