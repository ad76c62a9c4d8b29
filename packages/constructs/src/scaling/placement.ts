import type { ApiObject } from 'cdk8s';
import { listAt, type ManifestRecord, recordAt } from '../manifest';
import { podTemplates } from '../pods/pod-templates';

/** The pod that a controller makes, as it stands in its manifest. */
export function podOf(controller: ApiObject): ManifestRecord {
  const manifest: unknown = controller.toJson();
  const [{ spec }] = podTemplates(controller);
  const path = spec.split('/').slice(1);
  const start = recordAt({ manifest }, 'manifest');
  return path.reduce<ManifestRecord | undefined>((at, key) => recordAt(at, key), start) ?? {};
}

/** Where a controller's pods go, for pods that are to go there too. */
export function placementOf(controller: ApiObject): ManifestRecord {
  const pod = podOf(controller);
  const keys = ['nodeSelector', 'tolerations', 'affinity'].filter((key) => pod[key] !== undefined);
  return Object.fromEntries(keys.map((key) => [key, pod[key]]));
}

/** What each container of a controller's pods asks for. */
export function resourcesOf(controller: ApiObject): readonly ManifestRecord[] {
  return listAt(podOf(controller), 'containers').map((one) => recordAt(one, 'resources') ?? {});
}
