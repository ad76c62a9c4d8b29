import type { OpenApiDocument } from '@manara/contract';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';
import { getJson } from './http-client';

interface Operation {
  readonly operationId: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, MediaType>> };
  readonly responses: Readonly<Record<string, object>>;
  readonly security?: readonly object[];
}

interface MediaType {
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

export interface FoundOperation extends Operation {
  readonly method: string;
  readonly path: string;
}

const root = 'document';

/** The served OpenAPI document, as a client with JSON Schema reads it. */
export class ApiSchemas {
  private readonly ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    formats: { 'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/ },
  });

  constructor(readonly document: OpenApiDocument) {
    this.ajv.addSchema({ ...document, $id: root });
  }

  static async fetch(url: string): Promise<ApiSchemas> {
    const { body } = await getJson(`${url}/v2/openapi.json`);
    return new ApiSchemas(body as unknown as OpenApiDocument);
  }

  operations(): readonly FoundOperation[] {
    return Object.entries(this.document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({
        ...(operation as unknown as Operation),
        method: method.toUpperCase(),
        path,
      })),
    );
  }

  operation(id: string): FoundOperation {
    const found = this.operations().find(({ operationId }) => operationId === id);
    if (found === undefined) throw new Error(`the document has no operation ${id}`);
    return found;
  }

  /** What the schema of a JSON answer finds wrong with it; `undefined` where nothing is. */
  answerFaults(id: string, status: number, body: unknown): string | undefined {
    const { path, method, responses } = this.operation(id);
    const response = responses[status];
    if (response === undefined) return `${id} does not list the status ${status}`;
    const at =
      '$ref' in response
        ? String(response.$ref).slice(2).split('/')
        : ['paths', path, method.toLowerCase(), 'responses', String(status)];
    return this.faults([...at, 'content', 'application/json', 'schema'], body);
  }

  /** What the schema of a JSON body finds wrong with it; `undefined` where nothing is. */
  requestFaults(id: string, body: unknown): string | undefined {
    const { path, method } = this.operation(id);
    const at = ['paths', path, method.toLowerCase(), 'requestBody'];
    return this.faults([...at, 'content', 'application/json', 'schema'], body);
  }

  private faults(at: readonly string[], value: unknown): string | undefined {
    const pointer = at.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');
    const check = this.ajv.getSchema(`${root}#/${pointer}`) as ValidateFunction | undefined;
    if (check === undefined) throw new Error(`the document has nothing at ${pointer}`);
    return check(value) ? undefined : this.ajv.errorsText(check.errors);
  }
}
