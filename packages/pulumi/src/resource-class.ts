import { createRequire } from 'node:module';
import { CustomResource } from '@pulumi/kubernetes/apiextensions';
import type { CustomResourceArgs } from '@pulumi/kubernetes/apiextensions';
import type * as pulumi from '@pulumi/pulumi';

/** A class whose resources are Kubernetes objects; its arguments are the object's manifest. */
export type ResourceClass = new (
  name: string,
  args: CustomResourceArgs,
  opts?: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

/** A group at a time: importing the root of the package would load and type-check every one. */
const load = createRequire(__filename);

/**
 * The typed class of a kind that Kubernetes itself has (`kubernetes:apps/v1:Deployment`), and
 * `CustomResource` for every other.
 */
export function resourceClass(apiVersion: string, kind: string): ResourceClass {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  const candidate = groupModule(group ?? '', version ?? '')[kind];
  // A foreign group may share its first label with one of Kubernetes' own: helm.toolkit.fluxcd.io.
  const token = `kubernetes:${group ?? ''}/${version ?? ''}:${kind}`;
  return isClassOf(candidate, token) ? candidate : CustomResource;
}

function groupModule(group: string, version: string): Readonly<Record<string, unknown>> {
  const folder = group.split('.')[0] ?? '';
  if (!/^[a-z]+$/.test(folder) || !/^v\d+((alpha|beta)\d+)?$/.test(version)) return {};
  const path = `@pulumi/kubernetes/${folder}/${version}`;
  return exists(path) ? (load(path) as Readonly<Record<string, unknown>>) : {};
}

function exists(path: string): boolean {
  try {
    load.resolve(path);
    return true;
  } catch {
    return false;
  }
}

function isClassOf(candidate: unknown, token: string): candidate is ResourceClass {
  return (
    typeof candidate === 'function' &&
    '__pulumiType' in candidate &&
    candidate.__pulumiType === token
  );
}
