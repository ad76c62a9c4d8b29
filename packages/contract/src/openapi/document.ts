import { modelNamePattern } from '../repository';
import { type Route, type RouteName, routes } from '../routes';
import { answerSchemas, controlSchemas } from './answers';
import { inferAnswer, inferOperation, inferSchemaName } from './infer-operation';
import { inferenceSchemas, inferRequest, inferResponse } from './inference';
import { errorResponses, errorsOf } from './error-responses';
import type { ApiFacts, ApiVersion } from './facts';
import { jsonContent, type JsonObject, type JsonSchema, schemaRef } from './json-schema';
import { inferenceErrors, type Operation, operations, pages } from './operations';

/** Where an operation stands. */
type Place = Pick<Route, 'method' | 'pattern'>;

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: JsonObject;
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
}

/**
 * The contract of a server that answers with these versions: each route of `routes`, and of inference
 * one for each model and each version, with what that one takes and gives.
 * Source: OpenAPI Specification 3.1.1; read 2026-11.
 */
export function openApiDocument({ version, versions, errors }: ApiFacts): OpenApiDocument {
  const paths: Record<string, Record<string, JsonObject>> = {};
  const add = ({ method, pattern }: Place, operation: JsonObject): void => {
    (paths[pattern] ??= {})[method.toLowerCase()] = operation;
  };
  for (const name of Object.keys(operations) as (keyof typeof operations)[]) {
    const { method, pattern }: Route = routes[name];
    add({ method, pattern: templated(pattern) }, plainOperation(name, operations[name], versions));
  }
  for (const of of versions) {
    const { model, version: number } = of;
    if (of.isDefault) add(filled('modelInfer', model), infer(`modelInfer.${model}`, of));
    const versioned = infer(`modelVersionInfer.${model}.${number}`, of);
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
    components: { schemas: schemas(versions), responses: errorResponses(errors) },
  };
}

function plainOperation(
  name: RouteName,
  { tag, summary, answers, errors, body }: Operation,
  versions: readonly ApiVersion[],
): JsonObject {
  const parameters = parametersOf(routes[name].pattern, versions);
  const responses = { ...errorsOf(errors) };
  for (const [status, schema] of Object.entries(answers)) {
    const page = pages[schema];
    const content =
      page === undefined
        ? jsonContent(schemaRef(schema))
        : { [page]: { schema: { type: 'string' } } };
    responses[status] = { description: summary, content };
  }
  return {
    operationId: name,
    tags: [tag],
    summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { content: jsonContent(schemaRef(body)) } }),
    responses,
  };
}

function infer(operationId: string, of: ApiVersion): JsonObject {
  return {
    operationId,
    tags: ['Inference'],
    summary: `Runs version ${of.version} of ${of.model}`,
    ...inferOperation(of),
    responses: { 200: inferAnswer(of), ...errorsOf(inferenceErrors) },
  };
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
  return { ...answerSchemas, ...controlSchemas, ...inferenceSchemas, ...Object.fromEntries(own) };
}
