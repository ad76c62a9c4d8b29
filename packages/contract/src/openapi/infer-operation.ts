import { headers } from '../protocol';
import { exampleRequest } from './example';
import type { Answering } from './answering';
import type { ApiVersion } from './facts';
import { inferRequest } from './inference';
import { anyOf, jsonContent, type JsonObject, schemaRef } from './json-schema';

const lengthHeader = headers.inferenceHeaderContentLength;

const framing = `The JSON of the request without the data of those inputs that have "parameters": {"binary_data_size": BYTES}; the bytes of these follow it in the order of the inputs, little-endian and row by row. The header ${lengthHeader} has the length of the JSON. Source: Triton's binary tensor data extension.`;

const lengthParameter = {
  name: lengthHeader,
  in: 'header',
  description: 'Bytes of the JSON, where binary tensors follow it. Default: the whole body.',
  schema: { type: 'integer', minimum: 0 },
};

const traceParameter = {
  name: headers.traceparent,
  in: 'header',
  description: "W3C Trace Context: the caller's span, which the server's spans continue.",
  schema: { type: 'string' },
};

/** Name of the schema of what a version takes, and of what it gives. */
export function inferSchemaName(of: ApiVersion, what: 'Request' | 'Response'): string {
  return `${of.model}.${of.version}.Infer${what}`;
}

/** The part of an inference's operation that is its own. */
export function inferOperation({ chosen }: Answering): JsonObject {
  const taken = distinct(chosen);
  const request = anyOf(taken.map((of) => schemaRef(inferSchemaName(of, 'Request'))));
  // One that every version answers.
  const hasExample = taken.length === 1 && chosen.every(({ answersZeros }) => answersZeros);
  const example = hasExample ? exampleRequest(chosen[0].signature) : undefined;
  return {
    parameters: [lengthParameter, traceParameter],
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: request,
          ...(example === undefined ? {} : { examples: { zeros: { value: example } } }),
        },
        'application/octet-stream': { schema: { description: framing } },
      },
    },
  };
}

/** The answer to `Prefer: respond-async`, where the server keeps jobs. */
export const inferAccepted: JsonObject = {
  description: 'The request has become a job, as the header "Prefer: respond-async" asked',
  content: jsonContent(schemaRef('Job')),
};

const variantHeader = {
  description: 'Name of the variant that the request was given.',
  schema: { type: 'string' },
};

const degradedHeader = {
  description: 'What answered in place of the version: "model NAME/VERSION", "cached" or "static".',
  schema: { type: 'string' },
};

/** An answer with outputs in JSON, in binary form, or some in each. */
export function inferAnswer({ chosen, standIns, byVariant, byStandIn }: Answering): JsonObject {
  const answers = [...new Set([...chosen, ...standIns])].map((of) =>
    schemaRef(inferSchemaName(of, 'Response')),
  );
  return {
    description: 'The outputs, as the request asked for them',
    headers: {
      [lengthHeader]: {
        description: 'Bytes of the JSON, where binary outputs follow it.',
        schema: { type: 'integer', minimum: 2 },
      },
      ...(byVariant ? { [headers.variant]: variantHeader } : {}),
      ...(byStandIn ? { [headers.degraded]: degradedHeader } : {}),
    },
    content: {
      'application/json': { schema: anyOf(answers) },
      'application/octet-stream': {
        schema: {
          description: `The JSON of the answer, ${lengthHeader} bytes of it, then the bytes of the outputs that have a "binary_data_size".`,
        },
      },
    },
  };
}

/** Versions that take different requests: of those that take the same, the first. */
function distinct(versions: readonly ApiVersion[]): readonly ApiVersion[] {
  const taken = versions.map(({ signature, maxBatchSize }) =>
    JSON.stringify(inferRequest(signature, maxBatchSize)),
  );
  return versions.filter((_, i) => taken.indexOf(taken[i] ?? '') === i);
}
