import type { CustomResourceOptions } from '@pulumi/pulumi';
import type { KubernetesDocument } from '../../support/documents';

/** An object, and the options of its resource: how a test tells the program what to register. */
export interface Described {
  readonly manifest: KubernetesDocument;
  readonly options?: Pick<CustomResourceOptions, 'ignoreChanges' | 'import'>;
}

/** Stands in a manifest for what the configuration keeps secret. */
export const secretMark = '$password';
