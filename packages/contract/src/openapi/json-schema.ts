/** A JSON Schema of draft 2020-12, which OpenAPI 3.1 speaks. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A part of an OpenAPI document. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** An object with exactly these properties; those named in `optional` may be missing. */
export function exactObject(
  properties: Readonly<Record<string, JsonSchema>>,
  optional: readonly string[] = [],
): JsonSchema {
  return { ...openObject(properties, optional), additionalProperties: false };
}

/** An object that may have more than these properties. */
export function openObject(
  properties: Readonly<Record<string, JsonSchema>>,
  optional: readonly string[] = [],
): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, ...(required.length === 0 ? {} : { required }) };
}

export function anyOf(schemas: readonly JsonSchema[]): JsonSchema {
  const [only] = schemas;
  return schemas.length === 1 && only !== undefined ? only : { anyOf: schemas };
}

export function schemaRef(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

/** A body of JSON. */
export function jsonContent(schema: JsonSchema): JsonObject {
  return { 'application/json': { schema } };
}
