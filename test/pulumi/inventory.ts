import type { ApiServer, StoredObject } from '../bed/api-server';

/** What comes and goes by itself. */
const transient = ['events', 'leases'];

/** Every object of a cluster that can be listed, as the API server stores it. */
export async function everything(api: ApiServer): Promise<readonly StoredObject[]> {
  const bases = ['/api/v1', ...(await groupVersions(api))];
  const found: StoredObject[] = [];
  const seen = new Set<string>();
  for (const base of bases) {
    for (const { name, kind, verbs } of await api.resourcesOf(base)) {
      if (!verbs.includes('list') || transient.includes(name)) continue;
      const { status, body } = await api.request('GET', `${base}/${name}`);
      if (status === 405) continue;
      if (status !== 200) throw new Error(`listing ${base}/${name}: status ${status}`);
      for (const item of (body as { readonly items: readonly StoredObject[] }).items) {
        if (isStartedByClock(item)) continue;
        const apiVersion = base.replace(/^\/apis?\//, '');
        const key = `${kind} ${item.metadata.namespace ?? ''}/${item.metadata.name}`;
        // Several versions of an API serve the same object.
        if (seen.has(key)) continue;
        seen.add(key);
        found.push({ ...item, apiVersion, kind });
      }
    }
  }
  return found;
}

interface Owned {
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
}

/** A run of a CronJob, or a pod of one: it comes at its hour, and goes with the CronJob. */
function isStartedByClock({ metadata }: StoredObject): boolean {
  const { ownerReferences = [] } = metadata as Owned;
  return ownerReferences.some(
    ({ kind, name }) => kind === 'CronJob' || (kind === 'Job' && /-\d{8}$/.test(name)),
  );
}

async function groupVersions(api: ApiServer): Promise<readonly string[]> {
  const { body } = await api.request('GET', '/apis');
  const { groups } = body as {
    readonly groups: readonly { readonly preferredVersion: { readonly groupVersion: string } }[];
  };
  return groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`);
}

/** What a writer said of an object, apart from when, how often and by whom it was written. */
export function content(object: StoredObject): object {
  const metadata = without(object.metadata, [
    'uid',
    'resourceVersion',
    'generation',
    'creationTimestamp',
    'managedFields',
  ]);
  return { ...without(object, ['status']), metadata };
}

function without(object: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}
