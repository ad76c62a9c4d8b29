import type { Datatype } from '../datatypes';
import type { TensorSignature } from '../signature';
import { answeredElement, sentElement } from './elements';
import { exactObject, type JsonSchema, openObject, schemaRef } from './json-schema';

/** Strings that one request may carry; the server's limit. */
const mostStrings = 65_536;

/** An input as JSON carries it. */
export function inputTensor(
  { name, datatype, shape }: TensorSignature,
  maxBatchSize: number,
): JsonSchema {
  return openObject(
    {
      name: { const: name },
      datatype: { const: datatype },
      shape: sentShape(shape, maxBatchSize),
      data: sentData(datatype, shape),
      parameters: schemaRef('InputParameters'),
    },
    ['parameters'],
  );
}

/** An output as an answer carries it, in JSON or in the binary part that follows it. */
export function outputTensor({ name, datatype, shape }: TensorSignature): JsonSchema {
  const head = {
    name: { const: name },
    datatype: { const: datatype },
    shape: dimensions(shape, { type: 'integer', minimum: 0 }),
  };
  const count = elementsOf(shape);
  const length = shape.includes(-1) ? {} : { minItems: count, maxItems: count };
  return {
    oneOf: [
      exactObject({
        ...head,
        data: { type: 'array', items: answeredElement(datatype), ...length },
      }),
      exactObject({
        ...head,
        parameters: exactObject({ binary_data_size: { type: 'integer', minimum: 0 } }),
      }),
    ],
  };
}

function sentShape(shape: readonly number[], maxBatchSize: number): JsonSchema {
  const open = { type: 'integer', minimum: 1 };
  const batch = maxBatchSize > 0 ? { ...open, maximum: maxBatchSize } : open;
  return dimensions(shape, open, batch);
}

function dimensions(shape: readonly number[], open: JsonSchema, first = open): JsonSchema {
  if (!shape.includes(-1)) return { const: shape };
  const prefixItems = shape.map((size, i) =>
    size === -1 ? (i === 0 ? first : open) : { const: size },
  );
  return { type: 'array', prefixItems, minItems: shape.length, maxItems: shape.length };
}

/** Flat, or nested as the shape is. How sizes that vary belong together, a schema cannot say. */
function sentData(datatype: Datatype, shape: readonly number[]): JsonSchema {
  const element = sentElement(datatype);
  const fixed = elementsOf(shape);
  const most = datatype === 'BYTES' ? mostStrings : undefined;
  const flat = {
    type: 'array',
    items: element,
    minItems: fixed,
    ...(shape.includes(-1) ? (most === undefined ? {} : { maxItems: most }) : { maxItems: fixed }),
  };
  if (shape.length === 0) return { anyOf: [flat, element] };
  if (shape.length === 1) return flat;
  const nested = shape.reduceRight<JsonSchema>(
    (items, size) => ({
      type: 'array',
      items,
      minItems: size === -1 ? 1 : size,
      ...(size === -1 ? {} : { maxItems: size }),
    }),
    element,
  );
  return { anyOf: [flat, nested] };
}

/** Elements of a shape, those of sizes that vary counted as one. */
function elementsOf(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * (size === -1 ? 1 : size), 1);
}
