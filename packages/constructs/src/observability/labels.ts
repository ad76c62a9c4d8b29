import type { Labels } from '../peer';
import type { Site } from '../site';

/** Labels that select the pods of a part of what watches a site. */
export function partSelector(name: string, component: string): Labels {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': component };
}

/** Labels of the objects of such a part. */
export function partLabels(site: Site, name: string, component: string): Labels {
  return {
    ...partSelector(name, component),
    'app.kubernetes.io/part-of': site.zone.name,
    'app.kubernetes.io/managed-by': 'manara',
    'manara.dev/site': site.node.id,
  };
}
