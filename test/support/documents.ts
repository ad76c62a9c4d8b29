import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** A Kubernetes object as synthesized. */
export interface KubernetesDocument {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** Every document in a folder's YAML files, in the order of the files' names. */
export function readDocuments(folder: string): readonly KubernetesDocument[] {
  return yamlFiles(folder).flatMap((file) => parseDocuments(readFileSync(file, 'utf8'), file));
}

export function yamlFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(folder, name));
}

/** Throws with the file's name on a YAML error and on a document that is no Kubernetes object. */
export function parseDocuments(text: string, file: string): readonly KubernetesDocument[] {
  // Kubernetes reads YAML 1.1, where an unquoted `yes` is a boolean.
  const documents = parseAllDocuments(text, { version: '1.1' });
  return [...documents].map((document, index) => {
    const [error] = document.errors;
    if (error !== undefined) throw new Error(`${file}: ${error.message}`);
    const value = document.toJS() as Partial<KubernetesDocument> | null;
    if (
      value?.apiVersion === undefined ||
      value.kind === undefined ||
      value.metadata === undefined
    ) {
      throw new Error(`${file}: document ${index + 1} has no apiVersion, kind or metadata`);
    }
    return value as KubernetesDocument;
  });
}

/** "Deployment bank/fraud": how messages name a document. */
export function nameOf({ kind, metadata }: KubernetesDocument): string {
  return `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
}
