import type { KubernetesDocument } from '../../support/documents';
import { eventually } from '../../support/eventually';
import type { ApiServer, StoredObject } from '../api-server';

interface Definition extends StoredObject {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

/** Gives the API server definitions, and waits until it serves them. */
export async function establish(
  api: ApiServer,
  definitions: readonly KubernetesDocument[],
): Promise<void> {
  for (const definition of definitions) {
    const reply = await api.request('POST', collection, definition);
    // Taught already.
    if (reply.status >= 300 && reply.status !== 409) {
      throw new Error(`${definition.metadata.name}: ${JSON.stringify(reply.body)}`);
    }
  }
  for (const { spec, metadata } of definitions as readonly Definition[]) {
    const version = spec.versions.find(({ served }) => served)!.name;
    const path = `/apis/${spec.group}/${version}/${spec.names.plural}?limit=1`;
    await eventually(`${metadata.name} is served`, async () => {
      return (await api.request('GET', path)).status === 200;
    });
  }
}

const collection = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
