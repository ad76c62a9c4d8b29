import { modelNamePattern } from '../repository';
import { type Route, type RouteName, routes } from '../routes';
import { answerSchemas, controlSchemas } from './answers';
import { type Answering, answeringDefault, answeringVersion } from './answering';
import { inferAccepted, inferAnswer, inferOperation, inferSchemaName } from './infer-operation';
import { inferenceSchemas, inferRequest, inferResponse } from './inference';
import { errorResponses, errorsOf } from './error-responses';
import type { ApiFacts, ApiVersion } from './facts';
import { jsonContent, type JsonObject, type JsonSchema, schemaRef } from './json-schema';
import { explanationSchemas } from './explanation';
import { jobSchemas } from './jobs';
import { inferenceErrors, type Operation, operations, otherAnswers } from './operations';
import { securityOf, securitySchemes } from './security';

/** Where an operation stands. */
type Place = Pick<Route, 'method' | 'pattern'>;

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: JsonObject;
  /** @default - where the document was read */
  readonly servers?: readonly JsonObject[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
}

/**
 * The contract of a server that answers with these versions: each route of `routes` but those of what
 * is off, and of inference one for each model and each version, with what that one takes and gives.
 * Source: OpenAPI Specification 3.1.1; read 2026-11.
 */
export function openApiDocument(facts: ApiFacts): OpenApiDocument {
  const { version, versions, errors, features, identity } = facts;
  const paths: Record<string, Record<string, JsonObject>> = {};
  const add = ({ method, pattern }: Place, operation: JsonObject): void => {
    (paths[pattern] ??= {})[method.toLowerCase()] = operation;
  };
  for (const name of Object.keys(operations) as (keyof typeof operations)[]) {
    const { needs } = operations[name];
    if (needs !== undefined && !features.includes(needs)) continue;
    const { method, pattern }: Route = routes[name];
    add({ method, pattern: templated(pattern) }, plainOperation(name, operations[name], facts));
  }
  for (const of of versions) {
    const { model, version: number } = of;
    if (of.isDefault) {
      const answering = answeringDefault(of, versions);
      add(filled('modelInfer', model), infer(`modelInfer.${model}`, answering, facts));
    }
    const versioned = infer(
      `modelVersionInfer.${model}.${number}`,
      answeringVersion(of, versions),
      facts,
    );
    add(filled('modelVersionInfer', model, number), versioned);
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Manara model server',
      version,
      description:
        "Open Inference Protocol v2 over HTTP, with Triton's binary tensor data, model repository and statistics extensions.",
    },
    paths,
    components: {
      schemas: schemas(versions),
      responses: errorResponses(errors),
      ...(identity === undefined ? {} : { securitySchemes: securitySchemes(identity) }),
    },
  };
}

function plainOperation(
  name: RouteName,
  { tag, summary, answers, errors, body, parameters: own = [] }: Operation,
  { versions, identity }: ApiFacts,
): JsonObject {
  const parameters = [...parametersOf(routes[name].pattern, versions), ...own];
  const responses = { ...errorsOf(errors) };
  for (const [status, schema] of Object.entries(answers)) {
    const content = otherAnswers[schema] ?? jsonContent(schemaRef(schema));
    responses[status] = { description: summary, content };
  }
  return {
    operationId: name,
    tags: [tag],
    summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: body }),
    responses,
    ...securityOf(routes[name].verb, identity),
  };
}

function infer(operationId: string, answering: Answering, facts: ApiFacts): JsonObject {
  const { features, identity } = facts;
  return {
    operationId,
    tags: ['Inference'],
    summary: summaryOf(answering),
    ...inferOperation(answering),
    responses: {
      200: inferAnswer(answering),
      ...(features.includes('jobs') ? { 202: inferAccepted } : {}),
      ...errorsOf(inferenceErrors),
    },
    ...securityOf(routes.modelInfer.verb, identity),
  };
}

function summaryOf({ chosen }: Answering): string {
  const versions = chosen.map(({ version }) => String(version));
  const last = versions.pop() ?? '';
  const named = versions.length === 0 ? last : `${versions.join(', ')} or ${last}`;
  return `Runs version ${named} of ${chosen[0].model}`;
}

function templated(pattern: string): string {
  return pattern.replace(/:(\w+)/g, '{$1}');
}

function filled(name: 'modelInfer' | 'modelVersionInfer', model: string, version?: number): Place {
  const { method, pattern } = routes[name];
  return { method, pattern: pattern.replace(':model', model).replace(':version', String(version)) };
}

function parametersOf(pattern: string, versions: readonly ApiVersion[]): readonly JsonObject[] {
  const parameters: JsonObject[] = [];
  if (pattern.includes(':model')) {
    const known = [...new Set(versions.map(({ model }) => model))];
    const schema = { type: 'string', pattern: modelNamePattern.source };
    // Only what is not loaded yet can be asked to load.
    const examples = Object.fromEntries(known.map((model) => [model, { value: model }]));
    parameters.push({
      name: 'model',
      in: 'path',
      required: true,
      schema,
      ...(known.length === 0 ? {} : { examples }),
    });
  }
  if (pattern.includes(':job')) {
    parameters.push({ name: 'job', in: 'path', required: true, schema: { type: 'string' } });
  }
  if (pattern.includes(':version')) {
    const schema = { type: 'string', pattern: '^[1-9][0-9]{0,15}$' };
    parameters.push({ name: 'version', in: 'path', required: true, schema });
  }
  return parameters;
}

function schemas(versions: readonly ApiVersion[]): Record<string, JsonSchema> {
  const own = versions.flatMap((of): [string, JsonSchema][] => [
    [inferSchemaName(of, 'Request'), inferRequest(of.signature, of.maxBatchSize)],
    [inferSchemaName(of, 'Response'), inferResponse(of.model, of.version, of.signature)],
  ]);
  return {
    ...answerSchemas,
    ...controlSchemas,
    ...inferenceSchemas,
    ...explanationSchemas,
    ...jobSchemas,
    ...Object.fromEntries(own),
  };
}
