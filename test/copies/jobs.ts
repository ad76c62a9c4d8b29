import { configAnnotation, configFileName } from '@manara/contract';
import { manifestFiles } from '@manara/constructs';
import type { App } from 'cdk8s';

/** A container of a Job, as far as a test runs it. */
export interface JobContainer {
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
}

interface Job {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly jobTemplate: {
      readonly spec: {
        readonly template: { readonly spec: { readonly containers: JobContainer[] } };
      };
    };
  };
}

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
    };
  };
}

interface ConfigMap {
  readonly metadata: { readonly name: string };
  readonly data: Readonly<Record<string, string>>;
}

export function jobOf(app: App, name: string): Job {
  return documentOf(app, 'CronJob', name) as Job;
}

export function containersOf(job: Job): readonly JobContainer[] {
  return job.spec.jobTemplate.spec.template.spec.containers;
}

/** Configuration file that the pods of a Deployment carry, on one site. */
export function carriedConfig(app: App, name: string, folder: string): string {
  const { spec } = documentOf(app, 'Deployment', name, folder) as Deployment;
  const text = spec.template.metadata.annotations[configAnnotation];
  if (text === undefined) throw new Error(`Deployment ${name} has no configuration`);
  return text;
}

/** Configuration file in a ConfigMap of the tree. */
export function configOf(app: App, name: string): string {
  const config = documentOf(app, 'ConfigMap', name) as ConfigMap;
  const text = config.data[configFileName];
  if (text === undefined) throw new Error(`ConfigMap ${name} has no ${configFileName}`);
  return text;
}

function documentOf(app: App, kind: string, name: string, folder?: string): unknown {
  const found = manifestFiles(app)
    .filter((file) => folder === undefined || file.folder === folder)
    .flatMap(({ documents }) => documents)
    .find((d) => d.kind === kind && (d.metadata as { name?: string }).name === name);
  if (found === undefined) throw new Error(`the tree has no ${kind} ${name}`);
  return found;
}
