import { configAnnotation } from '@manara/contract';
import type { App } from 'cdk8s';
import { manifestFiles, type LateValues } from '../../src';

/** A document, typed as loosely as YAML is, so that tests can compare any part of it. */
export type Document = Readonly<Record<string, unknown>>;

/** Every document of a tree. */
export function documents(app: App, values?: LateValues): readonly Document[] {
  return manifestFiles(app, values).flatMap((file) => file.documents);
}

/** The document of a kind and name; the site's folder decides where several have them. */
export function documentOf(
  app: App,
  kind: string,
  name: string,
  folder?: string,
  values?: LateValues,
): Document {
  const found = manifestFiles(app, values)
    .filter((file) => folder === undefined || file.folder === folder)
    .flatMap((file) => file.documents)
    .find((d) => d.kind === kind && at(d, 'metadata', 'name') === name);
  if (found === undefined) throw new Error(`No ${kind} "${name}" was synthesized`);
  return found;
}

/** The value at a path of keys and indices. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (x, key) => (x as Readonly<Record<string | number, unknown>> | undefined)?.[key],
    value,
  );
}

/** The server's file as the pods of a Deployment carry it. */
export function configText(deployment: unknown): string {
  return String(at(deployment, 'spec', 'template', 'metadata', 'annotations', configAnnotation));
}
